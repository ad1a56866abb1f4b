-- A small shop, for the demo: an application schema, a schema that no agent should see, and the three people a
-- real database has: who owns the tables, what the application logs in as, who provisions access.

CREATE ROLE shop_owner LOGIN;
CREATE ROLE shop_app LOGIN;

-- No superuser: makes roles, and may do with the tables what their owner may. It owns the database, so that it may make
-- the ledger's schema and take from PUBLIC what the profile says.
CREATE ROLE provisioner LOGIN CREATEROLE;
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO provisioner', current_database()); END $$;

CREATE SCHEMA app AUTHORIZATION shop_owner;
CREATE SCHEMA hr AUTHORIZATION shop_owner;

SET ROLE shop_owner;

CREATE TABLE app.customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL UNIQUE,
    city text NOT NULL,
    card_number text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE app.products (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    price numeric(10, 2) NOT NULL CHECK (price > 0),
    stock int NOT NULL CHECK (stock >= 0)
);

-- What the shop itself pays: not for agents.
CREATE TABLE app.product_cost (
    product_id bigint PRIMARY KEY REFERENCES app.products,
    cost numeric(10, 2) NOT NULL
);

CREATE TABLE app.orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES app.customers,
    status text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'paid', 'shipped', 'cancelled')),
    ordered_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON app.orders (customer_id);

CREATE TABLE app.order_lines (
    order_id bigint NOT NULL REFERENCES app.orders,
    line int NOT NULL,
    product_id bigint NOT NULL REFERENCES app.products,
    quantity int NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (order_id, line)
);

CREATE TABLE hr.salaries (
    employee text PRIMARY KEY,
    monthly numeric(10, 2) NOT NULL
);

INSERT INTO app.customers (name, email, city, card_number)
SELECT format('%s %s', first, last), lower(format('%s.%s@example.com', first, last)), city,
       '4000 0000 0000 ' || lpad((1000 + n)::text, 4, '0')
FROM (
    SELECT row_number() OVER () AS n, first, last,
           (ARRAY['Utrecht', 'Porto', 'Leipzig', 'Turku', 'Lyon'])[1 + (row_number() OVER ())::int % 5] AS city
    FROM unnest(ARRAY['Ada', 'Bilal', 'Chiara', 'Dmitri', 'Esra', 'Femke', 'Goran', 'Hana', 'Ines', 'Jonas']) AS first,
         unnest(ARRAY['Adeyemi', 'Brandt', 'Costa', 'Dubois', 'Eriksen', 'Fischer']) AS last
) people;

INSERT INTO app.products (name, price, stock)
SELECT format('%s, %s', thing, size), round((base * factor)::numeric, 2), 20 + 7 * row_number() OVER ()
FROM (VALUES ('Moka pot', 24.9), ('Pour-over kettle', 39.0), ('Hand grinder', 89.5), ('Paper filters', 4.2)) AS t (thing, base),
     (VALUES ('small', 1.0), ('medium', 1.3), ('large', 1.7)) AS s (size, factor);

INSERT INTO app.product_cost
SELECT id, round(price * 0.55, 2) FROM app.products;

INSERT INTO app.orders (customer_id, status, ordered_at)
SELECT 1 + n * 7 % 60, (ARRAY['new', 'paid', 'shipped', 'shipped', 'cancelled'])[1 + n % 5], now() - n * interval '5 hours'
FROM generate_series(1, 5000) AS n;

INSERT INTO app.order_lines
SELECT id, line, 1 + (id * 3 + line * 5) % 12, 1 + (id + line) % 3
FROM app.orders, generate_series(1, 3) AS line
WHERE line <= 1 + id % 3 AND status <> 'cancelled';

INSERT INTO hr.salaries
VALUES ('Ada Brandt', 4200), ('Esra Costa', 5100), ('Jonas Eriksen', 3900);

GRANT USAGE ON SCHEMA app TO shop_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA app TO shop_app;

RESET ROLE;

-- Grants in the owner's name, and guards its tables: only an owner enables a trigger ALWAYS.
GRANT shop_owner TO provisioner;
