"""Ordinary Python clients on guarded tables. Connects by the PG* variables, says what it did, ends with 1 when something
is refused that should not be, or the other way round."""

import os

import django
import psycopg
from django.conf import settings
from psycopg import sql
from sqlalchemy import ForeignKey, String, bindparam, create_engine, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship


class refused:
    """The block must end with the guard's refusal, whichever exception the library makes of it."""

    def __init__(self, state, *errors):
        self.state, self.errors = state, errors or (psycopg.Error,)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        assert error is not None, f"nothing was refused, expected {self.state}"
        if not isinstance(error, self.errors):
            return False
        while not isinstance(error, psycopg.Error):
            error = getattr(error, "orig", None) or error.__cause__
        assert error.sqlstate == self.state, f"{error.sqlstate} {error}"
        assert "agentroles refused" in str(error), error
        return True


def by_psycopg():
    with psycopg.connect() as connection:
        for prepare in (None, True, False):
            for id in range(1, 9):
                done = connection.execute("UPDATE orders SET note = %s WHERE id = %s", ("p", id), prepare=prepare)
                assert done.rowcount == 1
        connection.commit()
        cursor = connection.cursor()
        cursor.executemany("DELETE FROM staging WHERE id = %s", [(id,) for id in range(1, 101)])
        assert cursor.rowcount == 100
        cursor.execute("UPDATE orders SET note = %(note)s WHERE id = ANY(%(ids)s) RETURNING id", {"note": "é'\\", "ids": [1, 2]})
        assert len(cursor.fetchall()) == 2
        with connection.pipeline():
            for id in range(10, 30):
                connection.execute("UPDATE orders SET status = %s WHERE id = %s", ("paid", id))
        with cursor.copy("COPY staging (id, status) FROM STDIN") as copy:
            copy.write_row((1000, "new"))
        with psycopg.ClientCursor(connection) as literal:
            literal.execute("UPDATE orders SET note = %s, tags = %s WHERE id = %s", ("it's \\ -- where", ["a", "b"], 40))
            literal.execute(sql.SQL("DELETE FROM {} WHERE {} IN ({}, {})").format(
                sql.Identifier("odd"), sql.Identifier("where"), 77, 78))
        with connection.cursor("named") as held:
            held.execute("SELECT id FROM orders WHERE id < 5 FOR UPDATE")
            held.fetchone()
            connection.execute("UPDATE orders SET note = 'c' WHERE CURRENT OF named")
        connection.commit()
        with refused("AR001"):
            connection.execute("UPDATE orders SET note = %s", ("x",))
        connection.rollback()
        connection.execute("DELETE FROM orders WHERE id > %s", (0,))
        with refused("AR002"):
            connection.commit()
        connection.rollback()


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str | None] = mapped_column(String)
    note: Mapped[str | None]
    items: Mapped[list["Item"]] = relationship(cascade="all, delete-orphan")


class Item(Base):
    __tablename__ = "order_items"
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    pos: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str | None]


class Odd(Base):
    __tablename__ = "odd"
    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column("update")
    word: Mapped[str | None] = mapped_column("Order")
    __mapper_args__ = {"version_id_col": version}


class Config(Base):
    __tablename__ = "config"
    id: Mapped[int] = mapped_column(primary_key=True)
    v: Mapped[str | None]


def by_sqlalchemy():
    engine = create_engine("postgresql+psycopg://")
    with Session(engine) as session:
        for order in session.scalars(select(Order).where(Order.id.between(100, 120))):
            order.note = f"s{order.id}"
        odd = session.get(Odd, 5)
        odd.word = "changed"
        session.delete(session.get(Odd, 6))
        gone = session.get(Order, 130)
        assert len(gone.items) == 2
        session.delete(gone)
        session.commit()
        assert session.get(Odd, 5).version == 1
        assert session.execute(update(Order).where(Order.id.in_([1, 2, 3])).values(note="b")).rowcount == 3
        assert session.execute(delete(Odd).where(Odd.id == 9).returning(Odd.id)).all() == [(9,)]
        session.execute(update(Order), [{"id": id, "note": "many"} for id in range(200, 240)])
        session.execute(insert(Config).values([{"id": id, "v": "u"} for id in range(1, 61)])
                        .on_conflict_do_update(index_elements=[Config.id], set_={"v": "u"}))
        session.commit()
        with refused("AR001", DBAPIError):
            session.execute(update(Order).values(note="x"))
        session.rollback()
        session.execute(delete(Odd).where(Odd.id > bindparam("least", 0)))
        with refused("AR002", DBAPIError):
            session.commit()
        session.rollback()
    engine.dispose()


def by_django():
    settings.configure(DATABASES={"default": {
        "ENGINE": "django.db.backends.postgresql", "NAME": os.environ["PGDATABASE"], "USER": os.environ["PGUSER"],
        "PASSWORD": os.environ["PGPASSWORD"], "HOST": os.environ["PGHOST"], "PORT": os.environ["PGPORT"],
        "OPTIONS": {"server_side_binding": bool(os.environ.get("SERVER_SIDE"))}}})
    django.setup()
    from django.db import DatabaseError, connection, models, transaction
    from django.db.models import F, Q

    class Order(models.Model):
        id = models.IntegerField(primary_key=True)
        status = models.TextField(null=True)
        amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
        note = models.TextField(null=True)

        class Meta:
            app_label, db_table, managed = "shop", "orders", False

    class Setting(models.Model):
        key = models.TextField(primary_key=True)
        value = models.TextField(null=True)

        class Meta:
            app_label, db_table, managed = "shop", "settings", False

    order = Order.objects.get(pk=300)
    order.note = "it's"
    order.save()
    order.save(update_fields=["status"])
    assert Order.objects.filter(Q(pk=301) | Q(note="n302")).update(amount=F("amount") + 1, note="x") == 2
    assert Order.objects.filter(pk__in=[310, 311]).delete()[0] >= 2
    Order.objects.get(pk=312).delete()
    with transaction.atomic():
        several = list(Order.objects.select_for_update().filter(pk__range=(320, 330)))
        for one in several:
            one.note = "bulk"
        assert Order.objects.bulk_update(several, ["note"], batch_size=5) == 11
    Setting.objects.update_or_create(key="k1", defaults={"value": "y"})
    Setting.objects.bulk_create([Setting(key="k2", value="z"), Setting(key="new", value="z")],
                                update_conflicts=True, unique_fields=["key"], update_fields=["value"])
    Order.objects.none().update(note="no")
    with refused("AR001", DatabaseError):
        Order.objects.update(note="x")
    with refused("AR001", DatabaseError):
        Setting.objects.all().delete()
    with refused("AR002", DatabaseError):
        Order.objects.filter(pk__gt=0).update(note="x")
    connection.close()


for client in (by_psycopg, by_sqlalchemy, by_django):
    client()
    print(client.__name__, "ok")
