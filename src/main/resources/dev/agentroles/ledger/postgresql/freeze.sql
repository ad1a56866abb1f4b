-- Freezes the environment; the first to do so is remembered.
INSERT INTO agentroles.freeze (frozen_by, frozen_at, reason) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
