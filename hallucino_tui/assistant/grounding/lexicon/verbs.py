"""Verbs by which an answer asks its reader to do something. Data only."""

from __future__ import annotations

from typing import Final

_VERBS = """
check verify look inspect review investigate ensure make confirm consider restart roll rollback revert increase
decrease reduce raise lower scale add remove set run examine monitor update upgrade fix correct use try compare find
open search enable disable configure change adjust tune contact ask see determine identify validate test reset
rotate renew replace block free clean delete drop stop start watch follow trace collect gather correlate apply
redeploy deploy kill drain cordon limit audit harden query filter read get list describe put move enlarge extend
alert grep pin give wait retry implement provide document analy[sz]e tighten rerun re-run double-check undo
expand resize grow shrink reboot reload relaunch reconnect restore recover repair rebuild reinstall re-enable
re-deploy reschedule requeue recreate create install uninstall isolate quarantine ban whitelist allowlist denylist
blacklist escalate report notify inform tell call page ping talk file raise schedule plan prepare define establish
introduce keep leave hold pause resume suspend throttle cap bound allow deny grant revoke terminate abort cancel
skip ignore avoid prevent protect secure encrypt sign log record note track measure profile benchmark capture dump
export import copy back backup archive purge prune truncate vacuum flush clear empty trim compress defragment
mount unmount attach detach connect disconnect bind point switch migrate convert bump downgrade lock unlock
uncordon taint label annotate patch edit rename reassign allocate reserve provision size double halve widen narrow
shorten lengthen relax loosen turn take bring go do repeat reproduce simulate rule treat assess evaluate estimate
decide discuss clarify learn study research consult refer pull push fetch download upload execute invoke issue send
request order buy swap reseat rewire cross-check recheck re-check spot-check sanity-check
"""
# What also is a noun or an adjective: `Clean disconnect from 10.0.0.1 [L3]` tells of something.
_NOUNS = """
clean open block test free lower limit alert list query update reset retry drop trace watch filter audit change wait
search read reboot reload page file plan hold pause cap log record note track profile capture dump export import
copy back backup archive flush clear empty lock label patch edit double size turn repeat rule study research pull
push fetch download upload issue send request order report call point switch mount sign start stop kill
connect disconnect restore recover ping upgrade set run look move secure complete estimate export swap import
monitor bind access scale process restart rollback roll
"""
VERBS: Final = "|".join(_VERBS.split())
NOUNS: Final = "|".join(_NOUNS.split())
