"""The users of the service and the roles they hold."""

import base64
import secrets
from collections.abc import Iterable

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, insert, select, update

from cx_desktop.protocol import Grant, User
from cx_desktop.service.keys import Keys
from cx_desktop.service.sessions.codes import recovery_codes_left
from cx_desktop.service.store import Txn
from cx_desktop.service.store.tables import person, role_grant


class Account(Struct, frozen=True):
    """A user as the service knows them; secrets are sealed."""

    id: str
    username: str
    name: str
    language: str
    password_hash: str
    totp_secret: bytes | None
    vault_key: bytes


class NewAccount(Struct, frozen=True, kw_only=True):
    """What a user is created from."""

    username: str
    name: str
    language: str
    password_hash: str
    grants: tuple[Grant, ...]


_COLUMNS = [person.c[field] for field in Account.__struct_fields__]


def by_username(connection: Connection, username: str) -> Account | None:
    """The user of a name, whatever its case."""
    return _one(connection, person.c.username == username.casefold())


def by_id(connection: Connection, user_id: str) -> Account | None:
    """The user of an id."""
    return _one(connection, person.c.id == user_id)


def create(txn: Txn, keys: Keys, new: NewAccount, *, user_id: str | None = None) -> Account:
    """Write a new user, with a vault key of their own."""
    account_id = user_id or txn.ids.new()
    account = Account(
        id=account_id,
        username=new.username.casefold(),
        name=new.name,
        language=new.language,
        password_hash=new.password_hash,
        totp_secret=None,
        vault_key=keys.seal(secrets.token_bytes(32), f"vault {account_id}"),
    )
    values = {field: getattr(account, field) for field in Account.__struct_fields__}
    txn.connection.execute(insert(person).values(created_at=txn.now, **values))
    grant(txn, account.id, new.grants)
    return account


def grant(txn: Txn, user_id: str, grants: Iterable[Grant]) -> None:
    """Give a user roles; the whole organisation is kept as an empty project id."""
    for each in grants:
        txn.connection.execute(
            insert(role_grant).values(
                user_id=user_id, role=each.role, project_id=each.project_id or ""
            )
        )


def grants_of(connection: Connection, user_id: str) -> tuple[Grant, ...]:
    """The roles a user holds."""
    found = connection.execute(
        select(role_grant.c.role, role_grant.c.project_id)
        .where(role_grant.c.user_id == user_id)
        .order_by(role_grant.c.role, role_grant.c.project_id)
    )
    return tuple(Grant(role=row.role, project_id=row.project_id or None) for row in found)


def totp_secret(keys: Keys, account: Account) -> str | None:
    """The user's TOTP secret, unsealed."""
    if account.totp_secret is None:
        return None
    return keys.unseal(account.totp_secret, f"totp {account.id}").decode()


def set_totp_secret(txn: Txn, keys: Keys, user_id: str, secret: str) -> None:
    """Enrol an authenticator."""
    sealed = keys.seal(secret.encode(), f"totp {user_id}")
    txn.connection.execute(update(person).where(person.c.id == user_id).values(totp_secret=sealed))


def user_of(connection: Connection, account: Account, organisation: str) -> User:
    """A user as they see themselves."""
    return User(
        id=account.id,
        username=account.username,
        name=account.name,
        language=account.language,
        organisation=organisation,
        grants=grants_of(connection, account.id),
        recovery_codes_left=recovery_codes_left(connection, account.id),
    )


def _one(connection: Connection, condition: ColumnElement[bool]) -> Account | None:
    row = connection.execute(select(*_COLUMNS).where(condition)).mappings().one_or_none()
    return None if row is None else Account(**row)


def vault_key(keys: Keys, account: Account) -> str:
    """The user's service key for the second wrap of their vault, base64."""
    return base64.b64encode(keys.unseal(account.vault_key, f"vault {account.id}")).decode()
