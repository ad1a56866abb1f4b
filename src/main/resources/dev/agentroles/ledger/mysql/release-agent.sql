-- One row: gives the claim of an agent back.
SELECT RELEASE_LOCK(CONCAT('agentroles.agent.', ?))
