"""The features of a snapshot, built once and kept beside its tables.

`clients` tells which clients' rows changed and where they stand, `ranges` reads the rows of a range of clients, `parts`
turns a range into a file of features, `pool` works on many ranges at once, here or on a cluster, `building` plans all
this and joins the parts, and `feature_file` finds what was built.
"""
