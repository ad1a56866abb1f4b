-- One row: how many entries were written, and the hash of the last; no row if somebody removed it.
SELECT seq, hash FROM agentroles.journal_head
