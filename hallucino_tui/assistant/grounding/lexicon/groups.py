"""Words that say nothing, words that say the contrary of one another, and how much ideas weigh. Data only."""

from __future__ import annotations

from typing import Final

# Words that say nothing that a line would have to say: grammar, and verbs and nouns of telling.
LIGHT: Final = """
a an be the this that these those it its itself they them their theirs he she his her we our us you your i my me one
ones and or but nor so yet if then than as at by for from in into of off on onto out over to under up with within
without about above across after again against along already also although am among are around because been before
began begin being below beside between both can did do does doing done down during each either else even ever every
few further had has have having here how however is just keep kept later least less let like made make makes making
many may might more most much must near neither never no none not now often once only other others otherwise own per
quite rather really same several shall should since some still such there therefore thing through thus till too
all together toward until upon very was were what when where whether which while who whom whose why will would yes
according additional additionally apparent apparently appear appears appeared become became becomes belong case cases
cause caused causes causing come comes came certain clear clearly common concern concerning contain contains current
currently data detail details different due encounter encountered especially event events evidence exact exactly
example experience experienced experiencing fact finally follow followed following general get gets getting give gives
given go goes going gone happen happens happened hit hits hence immediate immediately include included includes
including indicate indicated indicates indicating information instance issue issues issued kind lead leads led line
lines log logs logged logging mean means meant meanwhile mention mentioned message messages moment name named namely
need needed new newly note noted number numbers observed observe occur occurs occurred occurring occurrence occasion
part particular particularly place point points present previous previously prior proceed raise raised raises record
recorded records regard relate related report reported reporting reports respective respectively result results
resulted resulting reveal reveals run runs ran saw say says said second secondly see seen seem seems seemed series set
show shown shows showed side similar similarly simply single soon specific specifically state stated states subsequent
subsequently suggest suggests sure take taken takes taking tell tells thereby third though throughout time times
timestamp took tried tries try trying total turn turned turns twice type unit use used uses using usual usually
various via way went whole work attempt attempted attempting attempts approximately roughly nearly almost back end
ends system systems service services application app apps software component components id ids identifier value values
activity action actions operation operations effort period entire fully completely shortly briefly right away quickly
suddenly continuously consistently constantly overall successive consecutive minute minutes hour hours day days date
seconds millisecond milliseconds morning afternoon evening night noon midnight today account considered based relevant
relating entry entries trace multiple zero two three four five six seven eight nine ten eleven twelve thirteen
fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred
thousand million dozen half pair couple first last next latest earliest earlier early late long short got small large
big another any anything called call able maybe perhaps possibly probably likely presumably somebody someone anybody
anyone altogether announce announced announces declare declared notify notified claim claimed confirm confirmed
confirms signal signalled print printed output display displayed describe described complain keeps stay stays stayed
remain remains remained manage managed decide decided expect want wants wanted carry carried bring brought regarding
involve involved involving belongs owned hold holds held aside apart ago plus minus amid whereby instead anyway hardly
barely could something everything enough stuck consequence outcome effect effects reason reasons root phase afterwards
eventually seemingly evidently obviously quarter thirds ways sort kinds bit lot lots amount told telling speaks spoke
speaking agree agreed agrees accordance terms respect regards step steps front behind fourth fifth sixth seventh
eighth ninth tenth flip flipped flips swing swung shift shifted jumped moved picture whereupon thereupon generator
separate separates separated th st nd rd month months year years
"""

# Ideas so definite that a claim which has one rests on lines which have it.
STRONG: Final = frozenset(
    {
        "FAIL",
        "CRASH",
        "DIE",
        "KILL",
        "OOM",
        "MEMORY",
        "DISK",
        "FULL",
        "TIMEOUT",
        "REFUSE",
        "DISCONNECT",
        "LOSE",
        "RESET",
        "ATTACK",
        "LOCK",
        "DELETE",
        "INTERRUPT",
        "ELECT",
        "DNS",
        "TLS",
        "EXPIRE",
        "UNREACHABLE",
        "SCALE",
        "CORRUPT",
        "REPLICATE",
        "DEPLOY",
        "ROLLBACK",
        "PERMISSION",
        "TEMPERATURE",
        "FAN",
        "RECOVER",
        "BACKUP",
        "EVICT",
        "LEAK",
        "DEADLOCK",
        "RESTART",
        "RENEW",
        "EXHAUST",
        "CANCEL",
        "SHORTAGE",
        "SLOW",
        "PARSE",
        "UNAVAILABLE",
        "DECREASE",
    }
)

# Ideas that can be told in many ways: where lines do not have one, the rest of the claim must be there.
MEDIUM: Final = frozenset(
    {
        "START",
        "STOP",
        "CREATE",
        "ADD",
        "CHANGE",
        "SEND",
        "RECEIVE",
        "READ",
        "WRITE",
        "OPEN",
        "CLOSE",
        "RETRY",
        "IGNORE",
        "COMPUTE",
        "IMAGE",
        "UNKNOWN",
        "AUTH",
        "INCREASE",
        "ALLOW",
        "COMPLETE",
        "LISTEN",
        "SUCCESS",
        "MISS",
        "IMPORT",
        "SCHEDULE",
    }
)

# Ideas so common that it says little whether lines have them.
WEAK: Final = frozenset(
    {
        "PROCESS",
        "NODE",
        "CONTAINER",
        "REQUEST",
        "ANSWER",
        "CLIENT",
        "ADDRESS",
        "USER",
        "DETECT",
        "FINDS",
        "CODE",
        "ROLE",
        "DATABASE",
        "WARN",
        "CONFIG",
    }
)

# The two sides never mean the same.
OPPOSITES: Final = """
open opened opening established | close closed closing
start started starting launched began booting | stop stopped stopping exited exiting shutdown shutting terminated
    terminating leaving left ended
connect connected | disconnect disconnected disconnecting
accept accepted allowed granted permitted | refuse refused reject rejected denied declined
increase increased rose grew climbed higher raised | decrease decreased fell shrank dropped lower lowered reduced
add added adding | remove removed removing delete deleted deleting
create created creating | delete deleted destroy destroyed
enable enabled | disable disabled
send sent sending | receive received receiving
read reading | write writing wrote written
lock locked | unlock unlocked
mount mounted | unmount unmounted umount
found | missing
known | unknown
valid | invalid
succeed succeeded success successful successfully | fail failed failure failing unable
normal | warning critical
active | idle
active firing ongoing | resolved
free | blocked busy
alive | dead
busy | idle
hit | miss
old | new
min minimum | max maximum
request | response
success | failure
source src | destination dest
upstream | downstream
locally | remotely
precise | imprecise
paid | declined unpaid
empty | full
online | offline
healthy | unhealthy
ready | unready
enforce enforced enforcing | permissive ignore ignored ignoring bypassed
intact undamaged unharmed | corrupt corrupted damaged broken
complete completed completion | abort aborted aborting cancelled canceled
suspend suspended paused pausing | resume resumed resuming
attach attached | detach detached
load loaded loading | unload unloaded unloading
install installed | uninstall uninstalled
register registered | deregister deregistered unregister unregistered
acquire acquired | release released
upload uploaded uploading | download downloaded downloading
encrypt encrypted | decrypt decrypted
inbound incoming | outbound outgoing
synchronous | asynchronous
permanent permanently | temporary temporarily transient
internal internally | external externally
automatic automatically | manual manually
promote promoted | demote demoted
graceful gracefully cleanly | forced forcibly abrupt abruptly
expand expanded | shrink shrunk
scaled_up | scaled_down
went_up came_up | went_down
"""
