#!/bin/sh
# Clean a corpus on machines that are reached by ssh: HOSTS="one two three" sh cluster.sh
# Every machine has descrape with its extra dask, and mounts PAGES and CLEAN at the same place. WORKERS is how many each
# starts; -1 is one for each of its processors.
set -eu
: "${HOSTS:?names of the machines, with blanks between}" "${PAGES:=/shared/pages}" "${CLEAN:=/shared/clean}"
: "${HEAD:=$(hostname -f)}" "${PORT:=8786}" "${WORKERS:=-1}"

started=""
told=$(mktemp -d)
stop() {
    # Without a scheduler the workers end as well.
    # shellcheck disable=SC2086 # several numbers
    [ -z "$started" ] || kill $started 2>/dev/null || true
    rm -rf "$told"
}
trap stop EXIT
trap 'exit 130' INT TERM

dask scheduler --host "$HEAD" --port "$PORT" --no-dashboard --scheduler-file "$told/scheduler.json" &
scheduler="$!"
started="$scheduler"
until [ -s "$told/scheduler.json" ]; do
    kill -0 "$scheduler" # it ended at once when something else has its port
    sleep 0.2
done
for host in $HOSTS; do
    # A worker cleans in a process of its own, which Dask allows only where it is told so.
    # shellcheck disable=SC2029 # it is this machine that knows the address
    ssh "$host" "DASK_DISTRIBUTED__WORKER__DAEMON=False exec dask worker tcp://$HEAD:$PORT \
        --nworkers $WORKERS --nthreads 1 --no-dashboard --death-timeout 60" &
    started="$started $!"
done

status=0
descrape run "$PAGES" --out "$CLEAN" --engine dask --scheduler "tcp://$HEAD:$PORT" --quiet || status=$?
[ "$status" -eq 0 ] || [ "$status" -eq 3 ]
