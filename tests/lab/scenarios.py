"""scenarios: what is done to the shop, and when.

Takes  a running Lab.
Gives  SCENARIOS: by name, the settings and the play. At scale 1 a play takes three to five minutes; every wait is multiplied by
       the scale, except where a server's own time would no longer fit (then the wait has a least value).
Holds  nothing.
Never  writes truth: each action is recorded by the lab with its time.
"""
import os
import signal
import threading
import time
from dataclasses import dataclass, field

SCENARIOS = {}


@dataclass
class Scenario:
    name: str
    about: str
    play: object
    max_connections: int = 20
    shop_pool: int = 12        # two instances: 24 wanted, 17 to have
    billing_pool: int = 20
    shop_via_pooler: bool = False
    pooler: dict = field(default_factory=dict)
    setup: tuple = ()          # SQL, before any app starts
    limits: dict = field(default_factory=dict)


def scenario(about, **settings):
    def add(play):
        SCENARIOS[play.__name__] = Scenario(play.__name__, about, play, **settings)
        return play
    return add


@scenario("a campaign mail: the pools grow past max_connections; a deploy in the middle is a red herring; a restart mends it")
def outage(lab):
    lab.rate(18)
    lab.nap(70, least=8)
    lab.rotate()
    lab.nap(35, least=5)  # a rush is one that the log has seen begin
    lab.rate(150, why="a campaign mail went out")
    lab.nap(28, least=6)  # three bad seconds are the least that can be a burst
    lab.deploy("1.4.3", red_herring=True)
    lab.nap(20, least=4)
    lab.rotate()
    lab.nap(20, least=3)
    lab.event("mitigation_begin", what="max_connections 20 -> 120, PostgreSQL restart")
    lab.db.sql("ALTER SYSTEM SET max_connections = 120")
    lab.db.ctl("restart", "-m", "fast")
    lab.event("mitigation_end")
    lab.nap(25, least=4)
    lab.rate(18)
    lab.nap(75, least=18)  # long enough to see that it is over, and that the rush is not what is usual


@scenario("nothing happens: a rotation, a deploy")
def quiet(lab):
    lab.rate(12)
    lab.nap(80)
    lab.rotate()
    lab.nap(40)
    lab.deploy("1.4.3", apart=6)
    lab.nap(60)
    lab.rotate()
    lab.nap(70)


@scenario("a migration waits for AccessExclusiveLock behind a long transaction; all that read the table wait behind it; "
          "connections run out")
def lock_pileup(lab):
    lab.rate(9)  # slow enough that the first waits are logged before the slots are gone
    lab.nap(80)
    report, pid = lab.session("analytics", "shop", "reporting")
    report.cursor().execute("SELECT count(*) FROM orders")  # and the transaction stays open
    lab.event("long_transaction_begin", pid=pid, user="analytics", application="reporting")
    lab.nap(15)
    migration, migration_pid = lab.session("migrator", "shop", "migration")

    def migrate():
        migration.cursor().execute("ALTER TABLE orders ADD COLUMN note text")
        migration.commit()
        lab.event("migration_end", pid=migration_pid)
    waiting = threading.Thread(target=migrate)
    lab.event("migration_begin", pid=migration_pid, user="migrator", application="migration",
              statement="ALTER TABLE orders ADD COLUMN note text")
    waiting.start()
    lab.nap(50, least=12)
    lab.event("mitigation_begin", what="the long transaction is ended")
    report.rollback()
    report.close()
    waiting.join()
    migration.close()
    lab.event("mitigation_end")
    lab.nap(80)


@scenario("version 1.4.0 opens a connection for each receipt and forgets to close some: minutes later none are left, "
          "at the same load",
          shop_pool=5)
def leak_after_deploy(lab):
    lab.rate(16)
    lab.nap(60)
    lab.deploy("1.4.0", leak_one_in=max(1, round(12 * lab.scale)))
    lab.nap(150)
    lab.event("mitigation_begin", what="rollback to 1.3.9")
    lab.deploy("1.3.9", mitigation=True)
    lab.event("mitigation_end")
    lab.nap(60)


@scenario("one backend is killed with signal 9: PostgreSQL ends all sessions and recovers; no limit is reached")
def db_crash(lab):
    lab.rate(20)
    lab.nap(80)
    victim = lab.backend_of("shop_app")
    lab.event("backend_killed", pid=victim, signal=9)
    os.kill(victim, signal.SIGKILL)
    held = lab.db.hold_recovery(max(6.0, 20 * lab.scale))
    lab.event("recovery_held", startup_pid=held)
    lab.nap(100)


@scenario("a batch role may have two connections and asks for three every few seconds, all day; nobody else notices",
          setup=("ALTER ROLE etl CONNECTION LIMIT 2",), limits={"role": {"etl": 2}})
def role_trickle(lab):
    lab.rate(15)
    job = lab.batch("etl", "shop", every=3, parallel=3, hold=0.8)
    lab.nap(100)
    lab.rotate()
    lab.nap(140)
    lab.end_batch(job)


@scenario("first a batch role meets its own limit; later everybody meets max_connections",
          setup=("ALTER ROLE etl CONNECTION LIMIT 5",), limits={"role": {"etl": 5}})
def two_bursts(lab):
    lab.rate(18)
    lab.nap(50)
    job = lab.batch("etl", "shop", every=0.3, parallel=12, hold=0.8)
    lab.nap(30, least=12)
    lab.end_batch(job)
    lab.nap(70, least=28)  # longer than any pause within a burst
    lab.rate(150, why="a campaign mail went out")
    lab.nap(40, least=12)
    lab.rate(18)
    lab.nap(60)


@scenario("PgBouncer's own limits: max_client_conn, and clients that wait longer than query_wait_timeout; "
          "the database is healthy",
          shop_via_pooler=True, pooler={"max_client_conn": 24, "default_pool_size": 1, "query_wait_timeout": 1})
def pooler_limit(lab):
    lab.rate(5)
    lab.nap(90)
    lab.rate(150, why="a campaign mail went out")
    lab.nap(60, least=15)
    lab.rate(5)
    lab.nap(80)


@scenario("both shop-api crash again and again and are started again: nginx and HAProxy mark servers down and up")
def flapping(lab):
    lab.rate(20)
    lab.nap(80)
    for _ in range(4):
        lab.crash_app(0)
        time.sleep(0.4)
        lab.crash_app(1)
        time.sleep(4)
        lab.restart_app(0)
        lab.restart_app(1)
        time.sleep(6)
    lab.nap(80)


@scenario("billing's own pool of three is taken by slow reports; the database has room and logs nothing", billing_pool=3)
def app_pool_only(lab):
    lab.rate(16)
    lab.nap(80)
    lab.traffic.reports = 0.35
    lab.event("reports_begin", why="every tenant opens the monthly report", share=0.35)
    lab.nap(70, least=15)
    lab.traffic.reports = 0.0
    lab.event("reports_end")
    lab.nap(80)
