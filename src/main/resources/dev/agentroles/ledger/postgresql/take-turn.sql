-- Sessions that change roles do it one after the other, until the transaction ends. Side by side they are slower: for
-- each change the server looks through all memberships of whoever makes it, and each session that makes or grants a
-- role empties what the others have just read of them.
SELECT pg_advisory_xact_lock(1634496886, 0)
