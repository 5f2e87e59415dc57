"""What the lab knows of an application: seven checked tables in, one row of named features out.

`schema` describes the tables, `tables` checks them, `build` turns them into features, `catalogue` tells what each
feature is and lets through those a model may use. A group (`application`, `bureau`, `previous_loans`, `pos_cash`,
`instalments`, `credit_card`) lists its features, each a `Feature` with its Polars expression beside its words:

- over columns of the application, an expression is written as it is (`application_loan`);
- over many rows of a history table, it is written with the accessors of that table's `History`, which names what is to
  be computed once per client (`bureau_ratios`); the table's `*_rows` module prepares the rows it looks at, in the order
  `ordering` gives, and `aggregates` computes what was named over each client's run of rows (`runs`, `statistics`);
- where only quantity, statistic or scope differ, `families` writes the expression and the words (`bureau_families`).

To add a feature is to add one such entry and its case in the group's test.
"""
