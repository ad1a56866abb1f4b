-- One row: the limits of one agent in one of its tiers.
SELECT agent, tier, rows_per_statement, rows_per_window, window_seconds FROM agentroles_guard.limits
