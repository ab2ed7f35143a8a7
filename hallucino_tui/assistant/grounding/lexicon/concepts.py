"""Ideas, the words for them, and what follows from what. Data only: `meaning.py` makes use of it.

Every entry of `CONCEPTS` is one idea: its name, then the words and phrases (joined by ``_``) by which lines and claims
speak of it; what is indented goes on with the line before it. A word may belong to several.
Words are compared by their stems.
"""

from __future__ import annotations

from typing import Final

CONCEPTS: Final = """
FAIL do_not_match not_match mismatch mismatched fail failed failure failing unable cannot could_not couldn_t
    unsuccessful error err errors exception problem trouble fault faulty broken break invalid incorrect wrong bad
    exceptions unsuccessfully fatal critical severe throw threw threw_an not_met mismatch does_not_match went_wrong
    stop_working declined rejected
WARN warn warning warned warnings caution cautioned alert alerted complain complained
SUCCESS success succeed succeeded successful successfully ok okay fine pass passed complete completed healthy ready
COMPLETE complete completed completion finish finished end ended conclude concluded done terminating terminated close
START startup start started starting begin began launch launched launching boot booted booting initialize initialized
    initialise initialised init initializing spawn spawned came_up come_up brought_up bring_up running initiated
    start_up commence commencing
STOP stop stopped stopping shutdown shut_down shutting_down terminate terminated terminating termination exit exited
    exiting quit leave left leaving halt halted end ended went_down die died dead handling_signal cease ceased ending
    gone_down
RESTART restart restarted restarting reboot rebooted back_off backoff crashloop crashlooping crashloopbackoff respawn
    relaunch crash_loop crash_looping
CRASH not_properly_shut not_shut_down_properly crash crashed crashing panic panicked segfault segmentation_fault abort
    aborted core_dump crashloopbackoff terminated_abnormally exited_abnormally died failed_to_boot crash_loop
    crash_looping generating_core exception_in_worker backoff back_off
DIE die died dead death dying
KILL terminated_by_signal kill killed killing sigkill evict evicted oomkilled
OOM oom out_of_memory oomkilled oom_killed oom_killer outofmemory outofmemoryerror memory_limit heap_space
    cannot_allocate_memory memory_exhaustion exit_code_137 memory_cgroup
MEMORY memory heap ram rss mem
FILE file files dev
DISK disk volume storage filesystem file_system no_space_left diskfull disk_space extend_file free_space drive
FULL full no_space_left exhausted exhaustion exhaust too_many out_of_space out_of_disk out_of_memory out_of_room
    out_of_file out_of_connections out_of_slots no_more_room filled remaining_connection_slots saturated overload
    overloaded fill space_left run_out ran_out no_free no_more no_remaining depleted used_up
TIMEOUT not_responding not_respond stopped_responding stopped_answering stops_responding no_longer_responds
    no_longer_answers
    timeout timed_out time_out timing_out deadline_exceeded did_not_answer deadline too_long not_answer_in_time
    couldn_t_get_a_connection_after request_timed_out
SLOW slow slowly sluggish latency too_long delay delayed lag took_too_long duration
REFUSE failed_password authentication_failure password_authentication_failed refuse refused refusing refusal reject
    rejected rejecting rejection deny denied denial decline declined declining not_allowed forbidden turn_away
    turned_away turned_down too_many_clients slots_are_reserved not_authorized
CONNECT hikari hikaripool pool datasource connect connection connected connecting connections socket channel link dial
    peer reconnect reconnected connectivity
DISCONNECT disconnect disconnected disconnecting disconnection hang_up hung_up bye closed_connection connection_closed
    closed_the_connection connection_reset connection_lost lost_the_connection connection_broken drop dropped lost
    terminating_connection closed_socket connection_was_lost closing_connection
LOSE lose lost loss drop dropped connection_broken broken missing gone closed_the_connection connection_was_lost
    discarding discarded
RESET reset resets
CLOSE close closed closing closure shut disconnect disconnected bye
OPEN open opened opening establish established reopen
AUTH auth authentication authenticate authenticated password passwords login logins log_in logged_in logging_in logon
    credential credentials sign_in signed_in pam userauth logname logins sshd
USER user users username account accounts uid ruser
ATTACK invalid_user failed_password authentication_failure attack attacks attacker intrusion intruder break_in hacker
    malicious suspicious brute_force brute_forcing
UNKNOWN cannot_find could_not_find unable_to_find cannot_be_found unknown unrecognized unrecognised nonexistent
    non_existent does_not_exist not_exist did_not_exist not_found missing illegal nxdomain absent unfamiliar
    invalid_user no_such not_known could_not_be_found notfound not_in
LOCK lock locked lockout locking
RETRY will_go_on go_on going_on retry retries retrying retried try_again reconnect reconnection reconnecting back_off
    attempt tried_again trying_again already_tried
REPEAT repeat repeated repeatedly repeating again
READ read reading fetch fetched load loaded loading
WRITE dump dumped generating_core stored_as write wrote written writing save saved saving persist persisted append
    insert inserted extend store stored
SEND emit emitting upload uploaded uploading send sent sending transmit transmitted deliver delivered forward
    forwarded serve serving served ship shipped push pushed src
RECEIVE receive received receiving incoming accept accepted arrive arrived received_from got_assigned dest download
ADD add added adding addstoredblock append appended register registered stored join joined
DELETE delete deleted deleting deletion remove removed removing removal purge purged discard discarded discarding
    taken_away took_away takes_away
    invalidset cleanup drop dropped evict erase erased
CREATE create created creating creation generate generated generating allocate allocated place placed make new opened
CHANGE change changed changing changes update updated updating modify modified modification alter altered switch
    switched replace replaced refresh refreshed
INTERRUPT interrupt interrupted interrupting interrupts interruption
WAIT failedscheduling insufficient wait waiting waited pending queue queued idle stuck hang hung awaiting
ELECT election elect elected vote votes voting
DNS dns resolve resolved resolving resolution lookup look_up getaddrinfo reverse_mapping resolver nxdomain
    no_such_host name_server
TLS tls ssl certificate certificates cert certs x509 handshake
EXPIRE ran_out run_out runs_out expire expired expiry expires expiration lapse lapsed outdated
NETWORK network networks networking tcp socket packet packets interface ethernet route partition connection niff net
    election_port
UNREACHABLE could_not_be_reached cannot_be_reached not_be_reached unreachable not_reachable no_route cannot_reach
    could_not_reach couldn_t_reach connection_refused cannot_open_channel not_be_reached unavailable did_not_answer
    cannot_connect could_not_connect unable_to_connect no_endpoints not_reach
UNAVAILABLE unavailable not_available not_ready down offline no_endpoints unhealthy unreachable outage not_serving
READY ready readiness available healthy
HEALTH health healthy unhealthy healthcheck readiness liveness probe probes
SCHEDULE schedule scheduled scheduling scheduler assign assigned assigning bind bound place placed
SCALE scale scaled scaling
IMAGE download downloaded downloading image images pull pulled pulling registry imagepullbackoff errimagepull
CONFIG config configs configuration configured configurations configure setting settings properties parameter
    parameters configmap register
PARSE parse parsed parsing decode decoding jsondecodeerror syntax malformed could_not_convert cannot_parse unparsable
    unparseable convert conversion expecting conversionsyntax invalid_json invalid_literal not_valid
CORRUPT corrupt corrupted corruption damaged checksum_mismatch checksum_does_not_match bad_checksum
REPLICATE replicate replicated replication copy copied
DEPLOY scaled_from deploy deployed deploying deployment deployments rollout release released upgrade upgraded
    scaled_up
ROLLBACK rollback rolled_back roll_back revert reverted
PERMISSION permission permissions privilege privileges forbidden unauthorized not_permitted superuser access_denied
    permission_denied authorization reserved
TEMPERATURE temperature ambient overheat overheated overheating heat hot warm temp
FAN fan fans
LIMIT limit limits limited maximum max threshold quota cap ceiling upper_bound maxretries
EXCEED exceed exceeded exceeding exceeds too_many over_limit surpass surpassed beyond above over_the ignoring_max
    more_than
REQUEST ask asked asking asks request requests requested http get post put query queries
ANSWER answer answered answering respond responded response responses return returned reply replied
PROCESS process processes pid child children worker workers thread threads task tasks job daemon program
NODE node nodes host hosts machine server servers rack
CONTAINER container containers pod pods
CLIENT client clients caller remote peer
ADDRESS address addresses ip ips
COMPUTE compute computed computing calculate calculated recalculate recalculating recompute recomputed
RECOVER recover recovered recovering recovery restore restored resume resumed resuming back_to_normal redo resolved
    heal
BACKUP backup backups snapshot checkpoint saving
EVICT evict evicted eviction
LEAK leak leaked leaking left_open
DEADLOCK deadlock deadlocked
PAY pay paid paying payment payments charge charged charging captured
ALLOW allow allowed allowing permit permitted grant granted accept accepted
IGNORE ignore ignored ignoring skip skipped skipping disregard disregarded
MISS expecting expected miss missing missed cache_miss absent
FINDS found find locate located
RENEW renew renewed renewal renewing refresh
LISTEN connection_refused listen listening listens
EXHAUST pool_exhausted exhausted exhaustion remaining_connection_slots too_many_clients no_connection_available
    connection_is_not_available used_up
SHORTAGE insufficient shortage lack lacking not_enough too_little no_room
BOOT boot booted booting
DETECT detect detected detecting detection discover discovered notice noticed
INCREASE increase increased grow grew rise rose climb climbed up
DECREASE decrease decreased shrink shrank fall fell decline down
IMPORT import imported importing importer import_job
MAIL mail mails mailer email emails
STOCK stock inventory
PROGRESS progress progressed
CANCEL cancel cancelled canceled abandon abandoned
EMPTY empty blank
ROLE leader follower leading
UNEXPECTED unexpected unexpectedly abnormal abnormally
SPEED speed speeds
CODE code codes
DATABASE database databases db postgres postgresql sql psycopg hikari jdbc mysql relation
PARITY parity
GIVEUP give_up gave_up giving_up gives_up given_up
"""

# What follows from what: a line that has the first speaks of the others, too.
IMPLIES: Final = """
OOM MEMORY KILL FAIL FULL CRASH STOP DIE EXHAUST
CRASH FAIL STOP DIE
DIE STOP
KILL STOP
CRASHLOOP RESTART
TIMEOUT FAIL SLOW WAIT UNAVAILABLE UNREACHABLE
REFUSE FAIL UNAVAILABLE
DISCONNECT CONNECT CLOSE LOSE STOP
LOSE FAIL
DNS ADDRESS
INTERRUPT STOP
UNREACHABLE FAIL CONNECT NETWORK
UNAVAILABLE FAIL
FULL FAIL EXCEED LIMIT
DISK FILE
FILE DISK
EXCEED LIMIT
UNKNOWN FAIL MISS
PARSE FAIL READ
CORRUPT FAIL
PERMISSION REFUSE
ELECT ROLE
COMPLETE SUCCESS
RECEIVE SEND
SEND RECEIVE
REQUEST ANSWER SEND RECEIVE CONNECT NODE CLIENT
ANSWER REQUEST SEND RECEIVE NODE
EXHAUST FULL FAIL LIMIT EXCEED
SHORTAGE FULL FAIL
LEAK FAIL
GIVEUP FAIL STOP
HTTP REQUEST ANSWER SEND RECEIVE NODE CLIENT ADDRESS
SERVERERROR FAIL
BADSTATUS FAIL REFUSE
AUTH USER CONNECT
CONTAINER NODE
BOOT START
WRITE ADD
DELETE CHANGE STOP
ADD CHANGE
RESTART START STOP CRASH
ROLLBACK CHANGE DEPLOY
MISS UNKNOWN
RECOVER RESTART
SCHEDULE NODE CONTAINER
IMAGE CONTAINER READ
HEALTH CONTAINER READY
CONNECT NETWORK OPEN NODE CLIENT ADDRESS
LISTEN START READY
RENEW CHANGE
START OPEN
CREATE OPEN START
CANCEL STOP FAIL
SUCCESS COMPLETE READY
SCALE DEPLOY CHANGE START
DEPLOY START CHANGE
RETRY CONNECT FAIL UNREACHABLE
"""
