-- Freezes the environment; the first to do so is remembered.
INSERT INTO agentroles.freeze (frozen_by, frozen_at, reason) VALUES (?, CAST(? AS datetime(6)), ?)
ON DUPLICATE KEY UPDATE only_row = only_row
