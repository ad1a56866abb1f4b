-- For how many seconds nothing may be heard of this session before the server ends it.
SELECT set_config('idle_session_timeout', ?::bigint || 's', false)
