#!/bin/sh
# Brings what the tests need beside Python: a Chromium, and Java with Maven for a real Neo4j.
set -eu
PATH="$PATH:/usr/sbin:/sbin"
wanted=""
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || wanted="$wanted chromium"
command -v java >/dev/null || wanted="$wanted openjdk-17-jre-headless"
command -v mvn >/dev/null || wanted="$wanted maven"
# playwright's own Node.js is linked to it
ldconfig -p 2>/dev/null | grep -q 'libatomic\.so\.1' || wanted="$wanted libatomic1"
[ -n "$wanted" ] || exit 0
if ! command -v apt-get >/dev/null; then
    echo "Please install:$wanted" >&2
    exit 1
fi
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo"
$as_root apt-get update -q
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -q --no-install-recommends $wanted
