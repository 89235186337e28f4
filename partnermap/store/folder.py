"""Whether SQLite's write-ahead log works in a folder: not on a network share or in a synced one."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from partnermap.errors import StoreError

# Shared memory between processes, which the write-ahead log needs, stops at the machine's edge.
_NETWORK = {
    "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "ncpfs", "davfs", "fuse.davfs2",
    "fuse.sshfs", "fuse.rclone", "fuse.gvfsd-fuse", "ceph", "glusterfs", "fuse.glusterfs", "lustre",
}  # fmt: skip

# First words of folder names that their programs make: "OneDrive - United Nations", "Dropbox (UN)".
_SYNCED = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "iclouddrive": "iCloud Drive",
    "icloud drive": "iCloud Drive",
    "mobile documents": "iCloud Drive",
    "cloudstorage": "a cloud drive",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "pclouddrive": "pCloud",
}


def check_folder(folder: Path) -> None:
    """Raise where a workspace cannot live.

    Raises
    ------
    StoreError
        If the folder is missing, on a network share or inside a synced folder.
    """
    if not folder.is_dir():
        raise StoreError(f"There is no folder {folder}. Make a workspace with: partnermap init {folder}")
    resolved = folder.resolve()
    service = synced_by(resolved)
    if service:
        raise StoreError(
            f"{folder} is kept in step by {service}, which copies a database while it is written "
            "and damages it. Move the workspace to a folder on this computer that is not synced."
        )
    if is_remote(resolved):
        raise StoreError(
            f"{folder} is on a network drive, where a database cannot be locked safely. Move the "
            "workspace to a folder on this computer, or keep the graph in Neo4j "
            '(store = "neo4j://host:7687" in partnermap.toml).'
        )


def synced_by(path: Path) -> str | None:
    """The service that keeps this path in step with other computers, judged by folder names."""
    for part in path.parts:
        name = part.lower()
        for start, service in _SYNCED.items():
            if name == start or name.startswith((start + " ", start + "-")):
                return service
    return None


def is_remote(path: Path) -> bool:
    """Whether the path is on another machine; where the system does not tell, it counts as here."""
    if sys.platform == "win32":
        import ctypes

        text = str(path)
        drive_remote = 4  # DRIVE_REMOTE of the Windows API
        return text.startswith("\\\\") or (
            ctypes.windll.kernel32.GetDriveTypeW(path.anchor) == drive_remote
        )
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return file_system(path, mounts) in _NETWORK


def file_system(path: Path, mounts: str) -> str:
    """The file system type of a path by the text of ``/proc/mounts``; "smb" for WSL's Windows drives."""
    best, found = "", ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 4:
            continue
        point = fields[1].encode().decode("unicode_escape")  # a space is written \040
        inside = point == "/" or str(path) == point or str(path).startswith(point + os.sep)
        if inside and len(point) >= len(best):
            is_drvfs = fields[2] == "9p" and "aname=drvfs" in fields[3]
            best, found = point, "smb" if is_drvfs else fields[2]
    return found
