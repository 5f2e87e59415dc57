"""What the population teaches, and how it is told of one client: the part of a feature that no client's rows hold.

`cases` is what lessons look at; `groups`, `term`, `loans`, `likeness` and `neighbours` are the lessons, each with one
way to learn and one to tell; `lessons` names them and carries what was learnt. Who may learn from whom is
`training.teaching`.
The features made of what is told stand in `features.lessons`.
"""
