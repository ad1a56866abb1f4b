-- Puts the head back behind the last entry, or at the beginning if there is none.
INSERT INTO agentroles.journal_head (seq, previous_hash, hash)
SELECT last.seq, last.previous_hash, last.hash
  FROM (SELECT seq, previous_hash, hash FROM agentroles.journal
        UNION ALL SELECT 0, UNHEX(SHA2('', 256)), UNHEX(SHA2('', 256))
        ORDER BY seq DESC LIMIT 1) AS last
ON DUPLICATE KEY UPDATE journal_head.only_row = journal_head.only_row
