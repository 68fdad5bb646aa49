"""Clean scraped pages every hour, and check the laws after each commit; an hour without news is skipped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

PAGES = "/srv/pages"
CLEAN = "/srv/clean"
NOTHING_NEW = 99

# 3 says that some inputs were rejected, and that the run was good.
RUN = f"""
descrape run {PAGES} --out {CLEAN} --since last --quiet --empty-exit-code {NOTHING_NEW}
status=$?
[ $status -eq 3 ] && exit 0
exit $status
"""

with DAG(
    "descrape",
    schedule="@hourly",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5)},
) as dag:
    run = BashOperator(task_id="run", bash_command=RUN, skip_on_exit_code=NOTHING_NEW)
    verify = BashOperator(task_id="verify", bash_command=f"descrape verify {CLEAN}", retries=0)
    run >> verify
