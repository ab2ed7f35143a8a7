"""More words for the ideas of `concepts.py`, and groups of words that say the same. Data only.

A group whose name no rule speaks of only ties its words together: one of them in a claim is borne by another in a line.
"""

from __future__ import annotations

from typing import Final

SYNONYMS: Final = """
REQUEST traffic page pages visit visits
CLIENT customer customers
VALIDITY not_after good_until valid_until valid_through runs_until expires_on valid good until through
SEVER sever severed cut cut_off snapped
SYNC sync syncs syncing synced synchronise synchronised synchronize synchronized synchronising synchronizing
    synchronisation synchronization up_to_date
INCREASE added gained further additional
DECREASE lost removed fewer
UNSET null none nil unset undefined not_set not_been_set no_value
SPAN span spans trace traces
SYN syn flags
FAIL outage bad_luck give_up gave_up giving_up gives_up aborted botched went_wrong in_vain come_to_nothing unrenewed
    did_not_work does_not_work did_not_succeed threw_in_the_towel hiccup incident malfunction defect defective
    denied_entry erroneous misbehave misbehaved negative crash crashed not_work incorrectly disturbance
    prevent prevented preventing hinder hindered foiled thwarted impossible
REFUSE thrown_out throw_out turn_down turning_away bounce bounced knock_back knocked_back fail_authentication
    authentication_failed auth_failed access_denied permission_denied not_accept not_accepted does_not_accept
    did_not_accept not_let forbid forbids declines lock_out locked_out blocked barred shut_out keep_out kept_out veto
    authentication_failure authentication_failures kerberos_authentication_failed login_failed checksum_does_not_match
    not_permitted operation_not_permitted unauthorized no_more_user_authentication_methods directory_index_forbidden
PERMISSION rights right entitled entitlement authority allowance lacks_the_rights acl acls operation_not_permitted
    not_entitled
ATTACK attacker hack hacking guess guessed guessing guesses probing intruders break_in_attempt hostile dictionary
    check_pass user_unknown unknown_user illegal_user password_guess brute
SHORTAGE lack lacks lacked lacking short_of run_short shortfall scarce scarcity want_of for_want_of
    insufficient not_have_enough
    reserved remaining_connection_slots no_space_left out_of_room too_few not_permitted not_enough_room tight
EXPIRE no_longer_valid not_valid_any_more not_valid_anymore out_of_date overdue stale invalid_since lapsing
TLS not_after handshakes
UNREACHABLE not_answer no_answer unanswered no_response unresponsive did_not_respond does_not_answer not_responding
    out_of_reach inaccessible no_contact contact_failed error_in_contacting cannot_be_contacted
UNAVAILABLE outage not_serve out_of_service went_away dropped_out drop_out drops_out gone not_up not_running
    stopped_running out_of_order not_usable unusable notready nodenotready node_not_ready not_healthy fell_out
LOSE dropped_out drop_out drops_out went_away go_away notready nodenotready scaled_down scale_down vanished vanish
    disappear disappeared
DECREASE scaled_down scale_down reduce reduced reducing reduction smaller fewer lower lowered lowering went_down sank
    cut cut_to
    sink dropped drop dwindle dwindled cut_down halved decline declined declining come_down shrinking shrunk lessened
INCREASE scaled_up scale_up grow grown growing larger bigger higher more raise raised raising double doubled doubling
    triple tripled expand expanded expansion enlarge enlarged went_up soar soared jump jumped surge surged pile_up
    piled_up built_up build_up accumulate accumulated climbing rising mount mounted spike spiked
RESTART repeated_restarts restarts restarting_failed came_back come_back back_up start_again started_again bounce
    bounced recreated recreate recycled reload reloaded reboots will_be_restarted restart_count
CRASH keep_crashing keeps_crashing broke_down break_down blew_up fell_over signal_6 sigsegv sigabrt panicking
    restarting_failed went_down_in
RECOVER repair repaired repairing repairs mend mended heal healed put_right set_right corrected correct fix fixed
    automatic_recovery come_back came_back comes_back back_online back_in_service up_again nodeready bounced_back
    rectify rectified crash_recovery
CORRECT correct corrected put_right set_right fixed repaired rectified
STOP cut cut_off cut_short wind_down wound_down wind_up power_down powered_down take_down took_down taken_down
    bring_down
    brought_down shut_off switch_off switched_off turn_off turned_off disable disabled deactivate deactivated gave_up
    bail_out bailed_out retire retired quitting quits killing terminating stopped_running not_running
START come_online came_online go_live went_live kick_off kicked_off set_off fire_up fired_up spin_up spun_up get_going
    started_up booting_worker activate activated opened turn_on turned_on switched_on comes_up coming_up rolled_out
    roll_out fresh freshly first_start
COMPLETE get_done got_done wrap_up wrapped_up done through over accomplish accomplished fulfil fulfilled progress
    went_through gone_through go_through
SUCCESS went_through go_through gone_through without_trouble without_problems without_error without_errors properly
    correctly flawless smoothly good well worked works valid verified honored honoured cleanly clean normally nicely
CONNECT contact contacted contacting contacts reach reached reaching hook attach attached join joined joining pair
    tie_up tied session sessions login conn cnxn rpc handshake
DISCONNECT hang_up hanging_up hangs_up hung_up cut_off cut_the_connection cut_off_by end_the_session ended_the_session
    kick kicked thrown_off throw_off broke_off break_off sign_off signed_off goodbye left_the_session connection_broken
    part parted detached detach aborted_connection connection_aborted
RESET cut_off broken_off
CLOSE end_the_session hang_up hung_up hanging_up goodbye bye_bye wound_up ended sealed
OPEN connection_from set_up setting_up sets_up enter entered hook_up
SESSION session sessions sess
TIMEOUT too_slow took_too_long no_answer_in_time not_answer did_not_get_an_answer in_time waiting_for run_into_the_limit
    patience overran overrun stopped_waiting stop_waiting
    expired not_respond stall stalled exceeded context_deadline not_answering
SLOW lasted lasting lasts last took long longer_than_expected slower slowest slowness sluggishly delays dragged drag
    time_consuming expensive ms milliseconds expected_duration too_long latencies busy
WAIT wait waits waited await awaited hold_on held_up hold_up in_line backlog in_the_queue waiting_line stand_by standby
    pile outstanding pending sleep sleeping blocked poll polling
QUEUE queue queued queues backlog pile waiting_line waiting outstanding
RETRY retries another_try further_try second_try next_try once_more again tries tried attempt attempts keeps_trying
    kept_trying keep_trying going_on try_again trying_again go_on_in will_retry repeated
REPEAT times repetition recurring recurrent persistently over_and_over time_and_again once_more keeps keep_on keeps_on
    kept kept_on still
READ look_at looked_at parse scan scanned scanning consume consumed take_in took_in pick_up picked_up pull import
    went_through loaded ingest ingested browse listing list listed read_out
WRITE put_down record recorded store stored storing keep kept put save saving saved output committed commit flush
    flushed persist dump dumped core log logged
SEND hand_over handed_over hand_back handed_back pass_on passed_on give_back gave_back dispatch dispatched issue emit
    post posted publish published get_out got_out went_out mail mailed supply supplied deliver return_to
RECEIVE handling_signal connection_from
    obtain obtained get got gets take took picked_up fetched come_in came_in incoming download given handed acquire
    acquired
SERVE serve served serving hand_out handed_out deliver delivered supply supplied
ADD include included enlist enlisted enter entered put_into insert inserted holder list enroll attach gained gain more
DELETE drop dropped get_rid got_rid wipe wiped clean_up cleaned_up cleaning_up cleaned clear cleared take_away
    taken_away removing erased cleanup evicted unlink unlinked prune pruned trash tear_down torn_down
CREATE set_up build built building produce produced emit make made new fresh draw_up generate compose composed
    instantiate instantiated spawn provision provisioned dumped
CHANGE different another swap swapped move moved moving transition transitioned transitions become became turn_into
    turned_into go_over went_over went_from go_from adjust adjusted rewrite rewritten adapt adapted edit edited
    reconfigure reconfigured
MOVE move moved moving migrate migrated relocate relocated transfer transferred shift shifted copy copied
REPLICATE duplicate duplicated duplicating replica replicas mirror mirrored copies copying clone cloned
DNS name_lookup name_resolution hostname_lookup reverse_dns forward_dns reverse_lookup reverse_mapping_checking
    reverse_mapping resolve_the_name name_service domain_name nxdomain noerror
UNKNOWN nxdomain unheard unheard_of not_know does_not_know did_not_know not_exist does_not_exist did_not_exist
    not_existing non_existing nonexisting there_is_no not_recognise not_recognize unrecognizable could_not_be_found
    was_not_there not_there no_entry unexpected user_unknown not_in_cache cannot_find never_heard
MISS absent absence was_missing is_missing not_there was_not_there left_out lacking lacks lack without gap
    not_receive no_such configmap_not_found empty no_identification
AUTH session_opened logon log_in logging_in logs_in sign_on sign_in signing_in user_name username authenticator identity
    verify_identity
    login_attempt login_attempts preauth pre_auth before_login kerberos pam sshd ssh userauth password_check check_pass
CREDENTIAL password passwords credential credentials secret secrets passphrase api_key key keys token tokens
USER person people someone somebody identity name login owner member uid ruser user_name
PROCESS pid instance daemon demon program executable binary thread job child worker master task script run gunicorn
SERVER server daemon listener backend host machine service endpoint master
NODE box boxes machine machines computer vm datanode datanodes peer instance worker_node
CONTAINER pod pods workload container_of init_container replica replicas sidecar
REPLICA replica replicas copy copies pod pods instances
CLIENT client visitor visitors consumer requester counterpart other_side remote_side peer far_end
ADDRESS address addresses ip endpoint location
COMPUTE recalculated calculation work_out worked_out working_out evaluate evaluated derive derived count counted
COUNT count counted counts counting tally tallied total sum number
ELECT election elections vote leader_election leading looking choose chosen ballot
ROLE follow following follower leads leader leading looking observer
LOCK exclusive blocked deadlock held mutex
LEASE lease leases
FULL filled_up to_capacity at_capacity maxed_out at_its_limit at_the_limit no_room at_their_limit reached_its_limit
    in_use all_in_use taken none_left no_free used_up busy reached_the_limit client_limit too_many too_much
    none_idle idle_0 saturated
LIMIT maximum at_most up_to may_have ceiling upper_limit most capacity capability allowance highest largest top
    limit_of allowed allows
MAXIMUM max maximum maximal largest biggest highest at_most greatest peak most up_to longest
MINIMUM min minimum minimal smallest lowest at_least least shortest
EXCEED went_past went_over go_past go_over passed_the past too_high too_long longer_than twice_as_long above
    crossed over ignoring_max larger_than not_less_than overstep overstepped
MEMORY memory_limit kb mb gb rss anon_rss heap gigabyte megabyte cgroup
OOM out_of_memory ran_out_of_memory run_out_of_memory running_out_of_memory memory_ran_out no_memory_left
    exceeded_its_memory exitcode_137 exit_137 code_137 used_too_much_memory lack_of_memory short_of_memory
DISK partition device space block blocks extents
VIRTUAL virtual vcore vcores vcpu vm
CPU cpu cpus core cores processor processors
BUSY busy occupied in_use taken active engaged
IDLE idle free unused inactive waiting spare
FILE file files path document documents directory folder folders
DIRECTORY directory directories folder folders dir root
CACHE cache caches cached caching in_memory
TEMPERATURE degrees celsius hot hotter thermal overheating cool
HARDWARE device devices hardware
PARITY parity ecc bit_error
NETWORK link links connectivity nic lan net interconnect switch_module switch
LINK link links linkerror
BROADCAST broadcast broadcasts bcast
DETECT come_across came_across spot spotted recognise recognised recognize recognized catch caught identify identified
    determine determined sense sensed saw flag flagged spotting perceive perceived become_aware aware noticed hit
CONFIG option options preference preferences conf cfg configmap config_map settings set tuned profile parameterised
    environment properties worker_settings
ATTRIBUTE attribute attributes property properties field fields
PARSE unreadable garbled ill_formed cannot_be_read not_parse not_readable not_a_number decimal could_not_read
    jsondecodeerror
    broken_json invalid_json delimiter could_not_convert_string malformed_json format conversion string_to_float
JSON json jsondecodeerror
NUMBER number numbers numeric decimal float integer figure digits amount
CHECKSUM checksum checksums check_digit crc hash digest
VERIFY verify verified verification check checked checks validate validated validation
IMPORT batch feed ingest ingestion loader
ROW row rows record records entry entries line
TABLE table tables relation
CATALOG catalog catalogue catalogs catalogues
DEPLOY roll_out rolled_out rolling_out ship shipped install installed version new_version put_live published scaled
SCALE replicas replica_set size_up grow shrink resized resize scale_down scale_up scale_in scale_out shrank grew
SCHEDULE choose chosen chose pick picked select selected
    placed placing landed lands put_on allocated allocate placement find_a_place find_room find_a_node dispatch
    took_on given_to got_assigned successfully_bound successfully_assigned no_fit could_not_be_placed
ASSIGN assign assigned allocated given handed bound got landed
IMAGE tag artifact artefact
HEALTH liveness_check readiness_check health_check health_endpoint healthz health_checks checkup probing
KILL shot put_to_death get_killed out_of_memory_killed reaped kills killing sigterm exit_code_143 took_out taken_out
    terminated_with forced_to_stop will_be_restarted
DIE gone perished breathing passed_away give_up_the_ghost exit exited go_down
EXIT exit exited exiting exits left quit end ended ending return
SIGNAL signal signals sig sigterm sigkill sighup handling_signal
BACKUP save_to_disk saving_to_disk bgsave rdb dump snapshot snapshots snapshotting background_saving
SNAPSHOT snapshot snapshots snap snapretain snapcount background_saving
REMOVE purge purged purging purges prune pruned
GC garbage garbage_collection garbage_collector gc head_gc collection
COMPACT compact compaction compacted
SPLIT split splits part parts chunk chunks piece pieces divide divided
TASK task tasks job jobs attempt attempts
STAGE stage stages phase phases step steps
BLOCK block blocks blk
DRIVER driver
REDUCE reduce reducer reducers
MAP map maps mapper mappers mapped
HTTP web webserver url endpoint route
SERVERERROR server_error internal_error bad_gateway gateway_timeout service_unavailable gateway 5xx
BADSTATUS client_error bad_request 4xx
CONFLICT conflict conflicts 409
PAY amount card cards order orders billing bill invoice transaction transactions buy bought purchase purchases checkout
CHARGE charge charges charged captured capture debit
ORDER order orders purchase purchases
MAIL letter letters mailbox mails_sent
LOAD load loads loader loadgen
GENERATE generator generators gen loadgen generating
REGISTER register registered registering registration enrol enrolled sign_up
STORE store stored storing kept keep held hold
PACKAGE package packages kb update
SERVICING cbs csi servicing wcp
TELL announce told inform informed reported
HANDLE handle handled handling process processed processing deal dealt
NEGOTIATE negotiate negotiated agree agreed settle settled
ANONYMOUS anonymous anon nameless
ROOT root superuser administrator
DATABASE postgres db databases postgresql database_system
GRAPHICAL graphical gdm display x11 desktop
CONSOLE console tty terminal vcs vcsa
FTP ftp ftpd
SHELL ssh sshd shell
KERNEL kernel
MOUNT mount mounted mounting mountvolume attach failedmount
VOLUME volume volumes pvc disk
TAINT taint taints tainted untolerated_taint untolerated reserved
PROFILE profile profiles
INIT init initialise initialised initialize initialized initialisation initialization setup set_up wait_for_db
THREAD thread threads
REQUEST call called calls calling query hit visit visited fetch fetching
ANSWER reply response came_back returned gave result
LISTEN accept_connections accepting_connections accepts_connections ready_to_accept bound_to binds serving reachable
    awaits_connections
RESERVE reserve reserved reserves set_aside kept_for put_aside held_back remaining
PRIVILEGE superuser superusers privileged administrators
WRONG wrong incorrect bad false invalid mismatch not_match
FIRST first initial initially began original
LAST last latest final finally
SAME same equal identical alike unchanged
PRECISE precise exact
ABORT abort aborted aborting signal_6 sigabrt
UNCAUGHT uncaught unhandled not_handled
VIEW view see viewing
MODIFY modify modified edit
SECURITY security secure
ENABLE enable enabled turn_on turned_on switch_on switched_on
DISABLE disable disabled turn_off turned_off switch_off switched_off off not_enabled
TRUNCATE truncate truncated cut shortened partial partially only
PARTIAL partial partially half only_half part wrote_only incomplete incompletely
VERSION version versions release releases
LOCAL local locally
REMOTE remote remotely
BACKGROUND background
IDENTIFY identify identified identification ident
REVERSE reverse reversed
INTERFACE interface interfaces nic eth ee0
LEADER leader leading leadership
PEER peer peers counterpart member
TERMINATE terminate terminated terminating termination
ALERT alert alerts alarm alarms alertmanager fire fired firing trigger triggered went_off set_off
SCRAPE scrape scraped scraping scraper
COLLECT collect collected collector collectors collection
METRIC metric metrics measurement measurements
SPACE space room capacity
REPLACE replace replaced supersede superseded deprecated obsolete outdated instead successor
DELAY delay delayed delays postpone postponed defer deferred put_off back_off backoff backing_off
REPLAY replay replayed replaying redo redone wal
AUTHORISE authorise authorised authorisation authorize authorized authorization auth approved approval
RELEASE release released releasing free freed freeing reclaim reclaimed let_go gave_back
DRAIN drain drained draining cordon cordoned evacuate evacuated
CHOOSE choose chosen pick picked select selected assign assigned
THROTTLE throttle throttled throttling rate_limit rate_limited slowed_down
QUORUM quorum ensemble majority
FORK fork forked spawn spawned child children
UPGRADE upgrade upgraded upgrading update updated bump bumped rolled_out
REUSE reuse reused recycle recycled recycling
BAN ban banned blacklist blacklisted block_list blocklist denylist
TRACE trace traces span spans
"""
