-- The shop of shop.sql on MySQL and MariaDB, where a schema is a database: the application's, and one that no agent
-- should see. The rights of the provisioner are those that `agentroles init` lists.

CREATE DATABASE app CHARACTER SET utf8mb4;
CREATE DATABASE hr CHARACTER SET utf8mb4;

CREATE TABLE app.customers (
    id bigint AUTO_INCREMENT PRIMARY KEY,
    name varchar(100) NOT NULL,
    email varchar(200) NOT NULL UNIQUE,
    city varchar(100) NOT NULL,
    card_number varchar(30) NOT NULL,
    created_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP
) ENGINE=InnoDB;

CREATE TABLE app.products (
    id bigint AUTO_INCREMENT PRIMARY KEY,
    name varchar(100) NOT NULL,
    price decimal(10, 2) NOT NULL CHECK (price > 0),
    stock int NOT NULL CHECK (stock >= 0)
) ENGINE=InnoDB;

-- What the shop itself pays: not for agents.
CREATE TABLE app.product_cost (
    product_id bigint PRIMARY KEY,
    cost decimal(10, 2) NOT NULL,
    FOREIGN KEY (product_id) REFERENCES app.products (id)
) ENGINE=InnoDB;

CREATE TABLE app.orders (
    id bigint AUTO_INCREMENT PRIMARY KEY,
    customer_id bigint NOT NULL,
    status varchar(10) NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'paid', 'shipped', 'cancelled')),
    ordered_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
    FOREIGN KEY (customer_id) REFERENCES app.customers (id)
) ENGINE=InnoDB;

CREATE TABLE app.order_lines (
    order_id bigint NOT NULL,
    line int NOT NULL,
    product_id bigint NOT NULL,
    quantity int NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (order_id, line),
    FOREIGN KEY (order_id) REFERENCES app.orders (id),
    FOREIGN KEY (product_id) REFERENCES app.products (id)
) ENGINE=InnoDB;

CREATE TABLE hr.salaries (
    employee varchar(100) PRIMARY KEY,
    monthly decimal(10, 2) NOT NULL
) ENGINE=InnoDB;

-- 1 to 5000.
CREATE TABLE hr.numbers (n int PRIMARY KEY);
INSERT INTO hr.numbers
WITH RECURSIVE digits (d) AS (SELECT 0 UNION SELECT d + 1 FROM digits WHERE d < 9)
SELECT 1 + ones.d + 10 * tens.d + 100 * hundreds.d + 1000 * thousands.d
FROM digits AS ones, digits AS tens, digits AS hundreds, digits AS thousands
WHERE thousands.d < 5;

INSERT INTO app.customers (name, email, city, card_number)
SELECT CONCAT(first, ' ', last), CONCAT(LOWER(first), '.', LOWER(last), '@example.com'),
       ELT(1 + n % 5, 'Utrecht', 'Porto', 'Leipzig', 'Turku', 'Lyon'), CONCAT('4000 0000 0000 ', 1000 + n)
FROM (SELECT n, ELT(1 + (n - 1) DIV 6, 'Ada', 'Bilal', 'Chiara', 'Dmitri', 'Esra', 'Femke', 'Goran', 'Hana', 'Ines', 'Jonas') AS first,
             ELT(1 + (n - 1) % 6, 'Adeyemi', 'Brandt', 'Costa', 'Dubois', 'Eriksen', 'Fischer') AS last
      FROM hr.numbers WHERE n <= 60) AS people
ORDER BY n;

INSERT INTO app.products (name, price, stock)
SELECT CONCAT(ELT(1 + (n - 1) DIV 3, 'Moka pot', 'Pour-over kettle', 'Hand grinder', 'Paper filters'), ', ',
              ELT(1 + (n - 1) % 3, 'small', 'medium', 'large')),
       ROUND(ELT(1 + (n - 1) DIV 3, 24.9, 39.0, 89.5, 4.2) * ELT(1 + (n - 1) % 3, 1.0, 1.3, 1.7), 2), 20 + 7 * n
FROM hr.numbers WHERE n <= 12 ORDER BY n;

INSERT INTO app.product_cost SELECT id, ROUND(price * 0.55, 2) FROM app.products;

INSERT INTO app.orders (customer_id, status, ordered_at)
SELECT 1 + n * 7 % 60, ELT(1 + n % 5, 'new', 'paid', 'shipped', 'shipped', 'cancelled'), NOW() - INTERVAL 5 * n HOUR
FROM hr.numbers ORDER BY n;

INSERT INTO app.order_lines
SELECT orders.id, line.n, 1 + (orders.id * 3 + line.n * 5) % 12, 1 + (orders.id + line.n) % 3
FROM app.orders, hr.numbers AS line
WHERE line.n <= 3 AND line.n <= 1 + orders.id % 3 AND orders.status <> 'cancelled';

DROP TABLE hr.numbers;
INSERT INTO hr.salaries VALUES ('Ada Brandt', 4200), ('Esra Costa', 5100), ('Jonas Eriksen', 3900);
