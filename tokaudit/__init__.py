"""Is data, rather than model size or compute, what limits a training run?

The whole path, left to right::

    files -ingester-> TextBatch -measure-> MeasuredBatch -> catalog (DuckDB) -dedup-> groups -> Supply -+
      |               Arrow: text          integers only        |                                       |
      +-> pages -extract--^ (in processes)                      |                                       |
                                                                +-> queries/*.sql, SQL    law, budget --+
                                                                                                        |
                                                            report (table, json, markdown) <-- Plan <-- planner
"""

__version__ = "0.1.0"
