-- One row the limits of an agent in a tier; `rows` is null for a tier without a guard.
select agent, tier, rows, rows_per_transaction, whole_table, rows_per_window, window_seconds, functions
from agentroles_guard.limits
