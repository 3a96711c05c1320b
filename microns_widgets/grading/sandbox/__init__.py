"""Where submissions are run: kept in, limited, and listened to with care.

``run.py`` is the way in. Outside, ``room.py`` and the three ways ``bubblewrap.py``,
``separate_user.py`` and ``unsafe.py`` make a place for one run, ``watch.py`` ends what oversteps
its limits, ``records.py`` takes what comes out. Inside, ``start.py`` gives up all rights and
``driver.py`` runs the cells.
"""
