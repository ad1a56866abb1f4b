-- One row for each entry, oldest first, with the head beside it; one row of the head alone if there is no entry.
SELECT head.seq AS head_seq, head.hash AS head_hash,
       journal.seq, journal.at, journal.database_user, journal.operator, journal.action, journal.agent, journal.lease,
       journal.outcome, journal.detail, journal.previous_hash, journal.hash
  FROM agentroles.journal_head AS head
  LEFT JOIN agentroles.journal AS journal ON true
 ORDER BY journal.seq
