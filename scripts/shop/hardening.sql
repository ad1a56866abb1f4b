-- What PostgreSQL lets everybody do and only a superuser can take away. `agentroles plan` prints such statements when a
-- profile hardens a database and its administrator may not; in the demo a superuser has run them already.

-- The other databases of the server.
REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC;

-- Code blocks and functions.
GRANT USAGE ON LANGUAGE plpgsql, sql TO shop_owner, shop_app, provisioner;
REVOKE USAGE ON LANGUAGE plpgsql, sql FROM PUBLIC;

-- Large objects, which can be written even in a transaction that is read-only.
REVOKE EXECUTE ON FUNCTION
    lo_creat(integer),
    lo_create(oid),
    lo_from_bytea(oid, bytea),
    lo_open(oid, integer),
    lo_put(oid, bigint, bytea),
    lo_truncate(integer, integer),
    lo_truncate64(integer, bigint),
    lo_unlink(oid),
    lowrite(integer, bytea)
FROM PUBLIC;
