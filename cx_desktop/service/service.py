"""What every endpoint works with: the store, the keys, the clock and the hints."""

import logging
import threading

from sqlalchemy import Connection, select

from cx_desktop.service.audit.chain import Deed, record
from cx_desktop.service.audit.listens import Listens
from cx_desktop.service.audit.reads import Reads
from cx_desktop.service.blob_files import BlobFiles
from cx_desktop.service.config import ServiceConfig
from cx_desktop.service.hub import Hub
from cx_desktop.service.keys import Keys
from cx_desktop.service.passwords import Passwords
from cx_desktop.service.store import Store
from cx_desktop.service.store.tables import meta
from cx_desktop.service.upload_files import UploadFiles

_log = logging.getLogger("cx_desktop.service")


class Service:
    """One running service on one data folder."""

    def __init__(self, config: ServiceConfig) -> None:
        config.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.config = config
        self.clock = config.clock
        self.keys = Keys(config.data_dir)
        self.store = Store(config.data_dir, clock=config.clock, ids=config.ids)
        self.blobs = BlobFiles(config.data_dir / "blobs")
        self.sounds = BlobFiles(config.data_dir / "recordings")
        self.uploads = UploadFiles(config.data_dir / "uploads")
        self.passwords = Passwords(config.password_cost)
        self.reads = Reads(self.store)
        self.listens = Listens()
        self.hub = Hub()
        self.is_stopping = threading.Event()
        """Long work looks at it between its steps."""
        self.store.on_commit(self.hub.tell)
        if self.store.is_rewound:
            self._tell_of_the_rewind()

    def organisation(self, connection: Connection) -> str:
        """The name of the organisation this service belongs to."""
        name = connection.execute(select(meta.c.value).where(meta.c.key == "organisation")).scalar()
        return str(name or self.config.name)

    def _tell_of_the_rewind(self) -> None:
        _log.warning("The database is older than what was told; epoch %s begins", self.store.epoch)
        deed = Deed(who_id="", who_name="service", verb="epoch.rotated", detail=self.store.epoch)
        with self.store.write() as txn:
            record(txn, deed)

    def close(self) -> None:
        """End the hints and give the files back."""
        self.is_stopping.set()
        self.hub.close()
        self.store.close()
