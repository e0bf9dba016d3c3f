/** A configuration file that names every key, with its default and what it means. Only the servers are set. */
export function configTemplate(servers: readonly string[]): string {
  const list = servers.map((server) => `  - ${JSON.stringify(server)}`).join("\n");
  return `# Configuration of the command \`quorumlock\`. Every key but redis_instances is optional; those behind a "#" show their default.
# Numbers are milliseconds; durations may have a unit: 500ms, 30s, 5m, 2h, 1d.
# \${NAME} is replaced by an environment variable, \${NAME:-text} also if it is not set.

# The servers, in the same order as the applications list them: independent of each other, no replicas. An odd number, best 3 or 5.
redis_instances:
${list}
#  - url: rediss://redis-d:6379   # host:port or a URL; rediss:// uses TLS
#    name: d                      # how it is called in all output
#    username: quorumlock         # an ACL user
#    password_file: redis-password  # or password: \${REDIS_PASSWORD}
#    tls: { ca_file: ca.pem, cert_file: client.pem, key_file: client-key.pem, server_name: redis-d }
#    cluster: false               # true if this member is a Redis Cluster

# The prefix of the applications' keys.
# prefix: "lock:"

# lock_defaults:
#   ttl: 10s          # how long a lock is valid if it is not extended
#   wait: 10s         # how long an acquisition waits; it is woken, and does not poll
#   retry_count: 3    # only to take over old settings: without wait, it is retry_count × retry_delay
#   retry_delay: 200

# client:             # as in the applications
#   restart_guard: auto   # true, false, or the largest ttl that any application uses
#   strict: false         # whether unsafe servers do not vote
#   drift_factor: 0.01
#   request_timeout: auto
#   owner: ops            # how this command is called where it holds a lock; its default is host:pid

# exec:
#   ttl: 30s
#   wait: 10s
#   grace: 5s         # how long a command may take to end after TERM

# monitor:
#   title: locks
#   listen: 127.0.0.1:5000
#   public_hosts: []  # host names under which browsers reach it, for example behind a proxy
#   release: false    # whether tokens of the role release may release locks
#   tls: { cert_file: , key_file: }
#   probe: 1s
#   keep_events: 5000
#   max_browsers: 50
#   max_names: 100000
# monitor_tokens:
#   - { name: anna, role: release, token_file: /run/secrets/anna }   # role: read or release

# monitoring:
#   enabled: true
#   prometheus_port:  # a port of its own for /metrics, on loopback; the monitor serves it, too
#   metric_prefix: redlock
#   classes: 200      # figures are kept of so many classes of names; all others count as "other"
#   class_rules: []   # - { match: "^order:", class: "order:*" }: a regular expression; as \`classOf\` of the applications

# alerts:             # docs/alerts.md
#   evaluate: 30s
#   suppress: 5m      # no second message of the same rule within this time
#   repeat: 1h        # a reminder while it fires
#   group: 10s
#   slack_webhook: \${SLACK_URL:-}
#   webhook:
#   webhook_secret_file:
#   email_smtp:       # host:port
#   email_from:
#   email_to: []
#   email_password_file:
#   log: false
#   custom:           # a module that exports rules and channels
#   rules:            # each also: enabled, for, keep, severity, window, classes
#     high_failure_rate: { below: 0.5, minimum: 20 }
#     long_wait: { above: 10s }
`;
}
