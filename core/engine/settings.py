"""What the engine is told at its start; times in seconds."""

import msgspec

from core.pool.pool import PoolSettings


class EngineSettings(msgspec.Struct, frozen=True):
    """Of one run. ``site`` and ``account``: names, for what is learned of their limits."""

    site: str
    account: str
    pool: PoolSettings = PoolSettings()
    timeout: float = 300.0  #: a picture that takes longer is overdue: the tab is stuck
    harvest_timeout: float = 60.0  #: at least so long is waited for a picture asked for earlier
    max_tries: int = 4  #: a panel that fails so often by itself has failed
    max_tab_deaths: int = 3  #: a panel under which so many tabs died is set aside
    max_soft_refusals: int = 2  #: answers in words instead of a picture
    scene_pictures: int = 1  #: at most so many pictures of a scene share a conversation
    checkpoint_interval: float = 10.0
    eta_interval: float = 10.0
    disk_interval: float = 5.0  #: between two looks whether a failed disk works again
    start_paused: bool = False
    redraw_outdated: bool = False  #: draw panels anew whose prompt has changed since
    retry_failed: bool = False  #: queue failed panels again before anything else
    stop_on_hangup: bool = False  #: end the run when its terminal hangs up
    ask_about_edits: bool = False  #: an edited script is shown first, and counts once a person says so
    doubts: bool = False  #: look at finished pictures and tell which are doubtful
    linger: bool = False  #: stay for commands when nothing is left to draw
