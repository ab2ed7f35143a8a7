"""Products, and by what a line is known to be one of theirs. Data only."""

from __future__ import annotations

from typing import Final

# A product is spoken of where the line has one of these.
PRODUCTS: Final = {
    "zookeeper": r"quorum|myid|commitprocessor|preprequest|sessiontracker|snapretain|datadir|nioserver|"
    r"zookeeper|sendworker|recvworker|fastleader",
    "hdfs": r"\bdfs\b|blk_|hdfs|datanode",
    "hadoop": r"hadoop|\bdfs\b|mapreduce|blk_|rmcontainer|attempt_\d|container_\d",
    "yarn": r"yarn|rmcontainer|rmcommunicator|container_\d",
    "mapreduce": r"mapreduce|attempt_\d|mapred",
    "namenode": r"namesystem|namenode",
    "datanode": r"datanode|dataxceiver|packetresponder|fsdataset",
    "spark": r"spark|executor\.|storage\.|rdd_|broadcast|shuffle",
    "openssh": r"sshd|ssh",
    "ssh": r"ssh",
    "apache": r"\[client |\] \[(?:notice|error|warn)\]|apache|mod_jk|httpd|jk2|workerenv",
    "tomcat": r"workerenv|jk2_|tomcat|catalina|mod_jk",
    "postgres": r"postgres|psycopg|\bpq:|psql|pg_|database system|redo (?:starts|done)|server process|"
    r"fatal: {1,2}(sorry|remaining|password)|@shop|statement:|checkpoint",
    "postgresql": r"postgres|psycopg|\bpq:|psql|pg_|database system|redo (?:starts|done)|server process|"
    r"fatal: {1,2}(sorry|remaining|password)|@shop|statement:|checkpoint",
    "wal": r"\bwal\b|pg_wal|xlog|\bredo (?:starts|done)|write-ahead",
    "k8s": r"pod|kube|container|replica|probe|node",
    "rbac": r"rbac|forbidden|rolebinding|clusterrole",
    "iam": r"\biam\b|accessdenied|assumerole|\barn:",
    "jvm": r"java|jvm|hotspot|exception|\bgc\b|heap",
    "pg": r"postgres|psycopg|\bpq:|psql|pg_|database system",
    "zk": r"zookeeper|quorum|myid|commitprocessor|preprequest|sessiontracker|sendworker|recvworker|fastleader",
    "lustre": r"lustre|\blov\b|\bost\b|\bmds\b|/p/g",
    "selinux": r"selinux|\bavc\b|audit",
    "redis": r"redis|\d:[mc] \d",
    "nginx": r"nginx|upstream|ingress|\burt=|http/\d\.\d\" \d{3}",
    "ingress": r"ingress|upstream|\burt=|http/\d\.\d\" \d{3}",
    "gunicorn": r"gunicorn|worker|\[\d+\] \[[a-z]+\]",
    "kubernetes": r"pod|kube|container|replica|probe|node",
    "kubelet": r"kubelet|probe|back-off|container|pod",
    "linux": r"kernel|linux|combo|pam_unix",
    "windows": r"\bcbs\b|\bcsi\b|windows|wcp",
    "cbs": r"\bcbs\b",
    "openstack": r"nova|openstack|neutron|keystone",
    "nova": r"nova",
    "java": r"java|exception|hikari|tomcat",
    "python": r"traceback|python|\.py\b|gunicorn",
    "bluegene": r"\bras\b|ciod|bgl",
    "hikaricp": r"hikari",
    "hikari": r"hikari",
    "etcd": r"etcd|mvcc|raft",
    "coredns": r"coredns|\ba in\b|noerror|nxdomain",
    "prometheus": r"prometheus|tsdb|scrape",
    "mysql": r"mysql|innodb|mysqld",
    "mariadb": r"mariadb",
    "mongodb": r"mongo",
    "oracle": r"oracle",
    "kafka": r"kafka",
    "rabbitmq": r"rabbit|amqp",
    "elasticsearch": r"elastic",
    "cassandra": r"cassandra",
    "docker": r"docker|container",
    "containerd": r"containerd",
    "jenkins": r"jenkins",
    "terraform": r"terraform",
    "vault": r"vault",
    "consul": r"consul",
    "istio": r"istio",
    "envoy": r"envoy",
    "haproxy": r"haproxy",
    "memcached": r"memcache",
    "systemd": r"systemd",
    "cron": r"cron",
    "opentelemetry": r"otel|otlp|opentelemetry",
    "grafana": r"grafana",
    "alertmanager": r"alertmanager",
    "cilium": r"cilium",
    "flannel": r"flannel",
    "ftp": r"ftp",
    "aws": r"amazonaws|\bec2\b|\barn:aws|\baws\b|\.compute\.internal",
    "amazon": r"amazon|\bec2\b|\barn:aws|\baws\b|\.compute\.internal",
    "ec2": r"\bec2\b|\.compute\.(?:amazonaws|internal)",
    "gcp": r"googleapis|gserviceaccount|\bgcp\b|\bgke\b",
    "azure": r"azure|\.windows\.net|\baks\b",
}

# Parts of a product: a line of it may be of theirs, where another line has them by name.
PARTS: Final = {"hdfs": "hadoop", "yarn": "hadoop", "mapreduce": "hadoop"}

# Capitals that are no names of anything in a line.
PLAIN_CAPS: Final = """
API APIS ID IDS UTC GMT IP IPS URL URLS OS VM AM PM OK NO NOT TCP UDP HTTP HTTPS RPC SQL JSON YAML TLS SSL DNS OOM CPU
RAM IO US EU SRE PID PIDS DB AND OR THE ALL LAN TTL UI UID GC IPC FD IN AT ON TO KB MB GB
"""
