-- For how many seconds nothing may be heard of this session before the server ends it.
SET SESSION wait_timeout = ?
