-- An ordinary application: keys with cascades, partitions, inheritance, row security, views, rules, row triggers, odd names.
GRANT CREATE, USAGE ON SCHEMA public TO {owner};
-- What is put in below fits together, so that no trigger has to look: some ten thousand times for each test.
SET session_replication_role = replica;
SET ROLE {owner};
CREATE TABLE customers(id int PRIMARY KEY, name text, email text, active boolean DEFAULT true, created timestamptz DEFAULT now());
CREATE TABLE orders(id int PRIMARY KEY, customer_id int, status text, amount numeric, note text, tags text[], updated timestamptz);
CREATE TABLE order_items(order_id int REFERENCES orders(id) ON DELETE CASCADE, pos int, sku text, qty int, PRIMARY KEY(order_id,pos));
CREATE TABLE order_stats(status text PRIMARY KEY, n int NOT NULL DEFAULT 0);
CREATE TABLE orders_audit(id bigserial PRIMARY KEY, order_id int, at timestamptz DEFAULT now());
CREATE TABLE settings(key text PRIMARY KEY, value text);
CREATE TABLE config(id int PRIMARY KEY, v text);            -- 60 rows
CREATE TABLE counters(id int PRIMARY KEY, n bigint);        -- 30 rows
CREATE TABLE categories(id int PRIMARY KEY, parent_id int REFERENCES categories(id) ON DELETE CASCADE, name text);
CREATE TABLE events(id int, kind text, payload text, PRIMARY KEY(id)) PARTITION BY RANGE(id);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);
CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (1000) TO (2000);
CREATE TABLE events_3 PARTITION OF events FOR VALUES FROM (2000) TO (100000);
CREATE TABLE event_notes(id int PRIMARY KEY, event_id int REFERENCES events(id) ON DELETE CASCADE) ;
CREATE TABLE acct(id int PRIMARY KEY);
CREATE TABLE acct_log(id int, acct_id int REFERENCES acct(id) ON DELETE CASCADE, PRIMARY KEY(id)) PARTITION BY HASH(id);
CREATE TABLE acct_log_0 PARTITION OF acct_log FOR VALUES WITH (modulus 2, remainder 0);
CREATE TABLE acct_log_1 PARTITION OF acct_log FOR VALUES WITH (modulus 2, remainder 1);
CREATE TABLE inh_parent(id int, v text);
CREATE TABLE inh_child(extra text) INHERITS (inh_parent);
CREATE TABLE docs(id int PRIMARY KEY, body text, deleted boolean DEFAULT false);
CREATE RULE docs_soft AS ON DELETE TO docs DO INSTEAD UPDATE docs SET deleted=true WHERE id=OLD.id;
CREATE TABLE odd(id int PRIMARY KEY, "update" int, "delete" int, "where" int, "Order" text);
CREATE TYPE comp AS ("where" int, a int);
CREATE TABLE comps(id int PRIMARY KEY, c comp);
CREATE TABLE nopk(a int, b text);
CREATE TABLE staging(id int, status text);
CREATE TABLE locks(name text PRIMARY KEY, owner text, at timestamptz);
CREATE TABLE queue(id serial PRIMARY KEY, state text DEFAULT 'new', payload jsonb);
CREATE TABLE secrets(id int PRIMARY KEY, s text);           -- not granted to the agent
CREATE TABLE tenant_docs(id int PRIMARY KEY, tenant text, body text);
ALTER TABLE tenant_docs ENABLE ROW LEVEL SECURITY;
CREATE POLICY p_agent ON tenant_docs USING (tenant='a');
CREATE VIEW v_orders AS SELECT id, status, amount FROM orders;
CREATE VIEW v_io AS SELECT id, status FROM orders;
CREATE FUNCTION v_io_upd() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN UPDATE orders SET status=NEW.status WHERE id=OLD.id; RETURN NEW; END$$;
CREATE TRIGGER v_io_t INSTEAD OF UPDATE ON v_io FOR EACH ROW EXECUTE FUNCTION v_io_upd();
CREATE FUNCTION orders_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO orders_audit(order_id) VALUES (coalesce(NEW.id, OLD.id));
  IF TG_OP='UPDATE' AND NEW.status IS DISTINCT FROM OLD.status THEN
    UPDATE order_stats SET n=n+1 WHERE status=NEW.status;
  END IF;
  RETURN NULL;
END$$;
ALTER FUNCTION orders_touch() SECURITY DEFINER;
CREATE TRIGGER orders_touch AFTER UPDATE OR DELETE ON orders FOR EACH ROW EXECUTE FUNCTION orders_touch();
CREATE FUNCTION purge_orders() RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS $$DECLARE n int; BEGIN DELETE FROM orders; GET DIAGNOSTICS n=ROW_COUNT; RETURN n; END$$;
CREATE FUNCTION touch_order(i int) RETURNS int LANGUAGE sql AS $$UPDATE orders SET updated=now() WHERE id=i RETURNING id$$;
CREATE FUNCTION touch_self(i int) RETURNS int LANGUAGE plpgsql AS $$BEGIN UPDATE config SET v='t' WHERE id=i; RETURN i; END$$;
CREATE FUNCTION run(q text) RETURNS void LANGUAGE plpgsql AS $$BEGIN EXECUTE q; END$$;
CREATE FUNCTION runq(q text) RETURNS int LANGUAGE plpgsql AS $$BEGIN EXECUTE q; RETURN 1; EXCEPTION WHEN OTHERS THEN RETURN 0; END$$;
CREATE PROCEDURE p_purge() LANGUAGE plpgsql AS $$BEGIN DELETE FROM orders; END$$;
CREATE FUNCTION trunc_orders() RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS $$BEGIN TRUNCATE event_notes; RETURN 1; END$$;
INSERT INTO customers SELECT g, 'c'||g, 'c'||g||'@x.io' FROM generate_series(1,3000) g;
INSERT INTO orders SELECT g, 1+g%3000, (ARRAY['new','paid','done'])[1+g%3], g, 'n'||g FROM generate_series(1,5000) g;
INSERT INTO order_items SELECT g, p, 's'||p, 1 FROM generate_series(2,1000) g, generate_series(1,2) p;
INSERT INTO order_items SELECT 1, p, 's'||p, 1 FROM generate_series(1,4000) p;
INSERT INTO order_stats VALUES ('new',0),('paid',0),('done',0);
INSERT INTO settings SELECT 'k'||g, 'v' FROM generate_series(1,12) g;
INSERT INTO config SELECT g, 'v' FROM generate_series(1,60) g;
INSERT INTO counters SELECT g, 0 FROM generate_series(1,30) g;
INSERT INTO categories SELECT g, CASE WHEN g=1 THEN NULL WHEN g<=50 THEN 1 ELSE 2+g%48 END, 'cat' FROM generate_series(1,3000) g;
INSERT INTO categories SELECT 10000+g, CASE WHEN g=1 THEN NULL ELSE 10000+g-1 END, 'chain' FROM generate_series(1,40) g;
INSERT INTO events SELECT g, 'k', 'p' FROM generate_series(1,2999) g;
INSERT INTO event_notes SELECT g, g FROM generate_series(1,2000) g;
INSERT INTO acct VALUES (1),(2);
INSERT INTO acct_log SELECT g, CASE WHEN g<=3000 THEN 1 ELSE 2 END FROM generate_series(1,3010) g;
INSERT INTO inh_parent SELECT g,'p' FROM generate_series(1,800) g;
INSERT INTO inh_child SELECT g,'c','x' FROM generate_series(801,2000) g;
INSERT INTO docs SELECT g,'b' FROM generate_series(1,500) g;
INSERT INTO odd SELECT g,0,0,0,'o' FROM generate_series(1,2000) g;
INSERT INTO comps SELECT g, ROW(1,2)::comp FROM generate_series(1,2000) g;
INSERT INTO nopk SELECT g,'x' FROM generate_series(1,2000) g;
INSERT INTO staging SELECT g,'new' FROM generate_series(1,200) g;
INSERT INTO queue(payload) SELECT '{}' FROM generate_series(1,200);
INSERT INTO secrets SELECT g,'s' FROM generate_series(1,100) g;
INSERT INTO tenant_docs SELECT g, CASE WHEN g%2=0 THEN 'a' ELSE 'b' END, 'x' FROM generate_series(1,200) g;
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA public TO {app};
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {app};
GRANT USAGE ON SCHEMA public TO {app};
RESET ROLE;
RESET session_replication_role;
-- By name, or the server would look at its own catalogs, which are larger.
ANALYZE customers, orders, order_items, order_stats, settings, config, counters, categories, events, event_notes, acct, acct_log,
  inh_parent, inh_child, docs, odd, comps, nopk, staging, queue, secrets, tenant_docs;
