-- Sessions that change logins do it one after the other, until the transaction ends; a stop waits for the same lock.
-- Side by side they are slower: for each change the server looks through all memberships of whoever makes it, and each
-- session that makes or grants a role empties what the others have just read of them. A lock on a table of ours, as an
-- agent can take any advisory lock.
LOCK TABLE agentroles.stamp IN SHARE UPDATE EXCLUSIVE MODE
