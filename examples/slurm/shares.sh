#!/bin/sh
# Clean a corpus with a job array: sh shares.sh
# The array runs twice, for what a page says may depend on pages of other shares; the second time is short. Then one
# task commits. PAGES and CLEAN stand on a file system that every node mounts. Exit code 3 means that some inputs were
# rejected; they stand in the table rejects, and the job was good.
set -eu
: "${PAGES:=/shared/pages}" "${CLEAN:=/shared/clean}" "${SHARES:=64}" "${CPUS:=4}"
export PAGES CLEAN SHARES CPUS

# shellcheck disable=SC2016 # the number of the task is known when it runs
share='descrape run "$PAGES" --out "$CLEAN" --shard "$SLURM_ARRAY_TASK_ID/$SHARES" --workers "$CPUS" --quiet'
array() {
    sbatch --parsable --job-name=descrape --array="1-$SHARES" --cpus-per-task="$CPUS" --requeue "$@" --wrap "$share"
}
first=$(array)
again=$(array --dependency="afterok:$first")
# shellcheck disable=SC2016 # likewise
sbatch --parsable --job-name=descrape-commit --dependency="afterok:$again" \
    --wrap 'descrape commit "$CLEAN" || [ $? -eq 3 ]'
