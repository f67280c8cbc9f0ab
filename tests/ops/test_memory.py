"""Memory is given back after a job that left much of it, and not after each of many small ones."""

import gc

from feedback.ops import memory


def test_memory_is_given_back_once_a_process_has_grown(monkeypatch):
    megabytes, collected = [100], []
    monkeypatch.setattr(memory, "_left", 0)
    monkeypatch.setattr(memory, "_resident", lambda: megabytes[0] * 1024 * 1024)
    monkeypatch.setattr(gc, "collect", lambda: collected.append(megabytes[0]))
    for size in (100, 110, 131, 140, 150, 171, 173):
        megabytes[0] = size
        memory.give_back()
    assert collected == [100, 140, 173]


def test_a_system_that_does_not_say_how_much_there_is_gets_it_back_each_time(monkeypatch):
    collected = []
    monkeypatch.setattr(memory, "_resident", lambda: 0)
    monkeypatch.setattr(gc, "collect", lambda: collected.append(1))
    memory.give_back()
    memory.give_back()
    assert len(collected) == 2
