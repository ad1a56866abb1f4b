# What PyMySQL and SQLAlchemy send, as a writer: argument 1 is host:port/database, the login comes from the environment.
import os
import sys

import pymysql
from sqlalchemy import Column, Integer, String, create_engine, delete, insert, select, text, update
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, declarative_base

address, database = sys.argv[1].split("?")[0].split("/")
host, port = address.split(":")
user, password = os.environ["AGENT"], os.environ["AGENT_PASSWORD"]


def refused(send, state):
    try:
        send()
    except (pymysql.MySQLError, DBAPIError) as error:
        if state not in str(error):
            sys.exit(f"refused otherwise: {error}")
        return
    sys.exit("not refused")


connection = pymysql.connect(host=host, port=int(port), user=user, password=password, database=database)
with connection.cursor() as cursor:
    assert cursor.execute("UPDATE big SET s = %s WHERE id = %s", ("it's -- #", 1)) == 1
    assert cursor.executemany("UPDATE big SET s = %s WHERE id = %s", [("m", i) for i in range(2, 30)]) == 28
    assert cursor.executemany("INSERT INTO big (a, s) VALUES (%s, %s)", [(i, "n") for i in range(200)]) == 200
    cursor.executemany(
        "INSERT INTO tiny (id, v, s) VALUES (%s, %s, %s) ON DUPLICATE KEY UPDATE v = VALUES(v)",
        [(i, 5, "u") for i in range(1, 40)],
    )
    assert cursor.execute("DELETE FROM order_items WHERE order_id = %s AND sku IN %s", (1, ["s1", "s2"])) == 2
    refused(lambda: cursor.execute("UPDATE big SET s = %s", (" WHERE id = 1",)), "without WHERE")
    refused(lambda: cursor.execute("DELETE FROM big WHERE id > 0"), "more than 100 rows")
connection.commit()
connection.close()

Base = declarative_base()


class Big(Base):
    __tablename__ = "big"
    id = Column(Integer, primary_key=True)
    a = Column(Integer)
    s = Column(String(60))


engine = create_engine(URL.create("mysql+pymysql", user, password, host, int(port), database))
with Session(engine) as session:
    for one in session.scalars(select(Big).where(Big.id.between(40, 60))):
        one.s = "changed"
    session.delete(session.get(Big, 70))
    session.add_all([Big(a=1, s="new") for _ in range(30)])
    session.commit()
    assert session.execute(update(Big).where(Big.id.in_([1, 2, 3])).values(s="bulk")).rowcount == 3
    assert session.execute(delete(Big).where(Big.id == 80)).rowcount == 1
    session.execute(insert(Big), [{"a": i, "s": "i"} for i in range(50)])
    session.commit()
    refused(lambda: session.execute(delete(Big)), "without WHERE")
    session.rollback()
    refused(lambda: session.execute(update(Big).where(text("1=1")).values(s="x")), "names no column")
    session.rollback()
print("all as expected")
