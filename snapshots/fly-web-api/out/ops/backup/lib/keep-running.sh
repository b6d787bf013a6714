#!/bin/sh
# keep-running.sh STORE ENVIRONMENT: for a container that stays up. Serves the metrics over HTTP on $BACKUP_METRICS_PORT (9102)
# and runs the store's crontab with supercronic, in UTC, one run of a line at a time.
set -eu
ROOT=$(cd "$(dirname "$0")/.." && pwd)
STORE=${1:?usage: keep-running.sh STORE ENVIRONMENT}
ENVIRONMENT=${2:?usage: keep-running.sh STORE ENVIRONMENT}
: "${BACKUP_STATE_DIR:=/var/lib/backup}" "${BACKUP_METRICS_PORT:=9102}"
BACKUP_METRICS_DIR=${BACKUP_METRICS_DIR:-$BACKUP_STATE_DIR/metrics}
export BACKUP_STATE_DIR BACKUP_METRICS_DIR TZ=UTC
mkdir -p "$BACKUP_METRICS_DIR"
printf '.prom:text/plain; version=0.0.4\n' >"$BACKUP_STATE_DIR/httpd.conf"

"${BACKUP_HTTPD:-httpd}" -p "$BACKUP_METRICS_PORT" -h "$BACKUP_METRICS_DIR" -c "$BACKUP_STATE_DIR/httpd.conf"
# A fresh container knows nothing: ask the store what the last good backup was, so that a silence is never "no data".
"$ROOT/$STORE/verify.sh" "$ENVIRONMENT" || :
exec supercronic "$ROOT/$STORE/$ENVIRONMENT.crontab"
