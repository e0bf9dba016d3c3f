/**
 * The program of the guard, for every POSIX shell. It reads lines from a pipe that only exec writes:
 *
 * - `pid N START`: the command runs as process N. START is when it started, as in /proc/N/stat, because numbers are used again. Without
 *   /proc it is missing.
 * - `grace S`: whole seconds between TERM and KILL. 0 if the lease may end soon. They are measured with a clock, because a look at all
 *   processes takes long on a machine that has many.
 * - `done`: nothing is left to guard.
 *
 * The end of the input without `done` says that exec was killed. Then the command is ended, with its session and with all that it has
 * started. Without a `pid`, exec may have been killed while it started the command. Then the command is the process with this lock in
 * its environment, which only Linux shows.
 *
 * $1: the fencing token, $2: the id of the lock. No other command has both in its environment.
 */
export const GUARD_SCRIPT = `# guard of quorumlock exec
trap '' HUP INT QUIT TERM USR1 USR2 PIPE TSTP TTIN TTOU
fence=$1 id=$2 pid= start= grace=0
while read -r word value; do
  case $word in
    pid)
      pid=\${value%% *}
      case $value in *" "*) start=\${value#* } ;; esac
      ;;
    grace) grace=$value ;;
    done) exit 0 ;;
  esac
done

# Prints pid:parent:session:start of each process that has not ended. Without /proc, the group stands for the session.
list() {
  if [ -r /proc/self/stat ]; then
    text=$(cat /proc/[0-9]*/stat)
    set -f
    IFS='
'
    line=
    for part in $text; do
      IFS=' '
      # The name of a program can have line breaks. It is too short to look like the many fields after it.
      line="$line $part"
      set -- \${line##*) }
      [ $# -gt 40 ] || continue
      set -- \${line%%(*} "$@"
      line=
      [ "$2" != Z ] && [ "$2" != X ] && echo "$1:$3:$5:\${21}"
    done
  else
    ps -A -o pid= -o ppid= -o pgid= | while read -r p parent group; do echo "$p:$parent:$group:"; done
  fi
} 2>/dev/null

# Prints the processes with the lock in their environment.
find_marked() {
  for file in /proc/[0-9]*/environ; do
    line=
    while read -r part || [ -n "$part" ]; do line="$line $part" part=; done <"$file"
    case $line in *"QUORUMLOCK_FENCE=$fence"*) ;; *) continue ;; esac
    case $line in *"QUORUMLOCK_LOCK_ID=$id"*) file=\${file#/proc/} && echo "\${file%/environ}" ;; esac
  done
} 2>/dev/null

# Whole seconds of a clock that does not step, if there is one.
look_at_clock() {
  if read -r now rest </proc/uptime; then now=\${now%.*}; else now=$(date +%s); fi
} 2>/dev/null

# Splits a row of the list.
split() {
  p=\${1%%:*} rest=\${1#*:}
  parent=\${rest%%:*} rest=\${rest#*:}
  session=\${rest%%:*} born=\${rest#*:}
}

# known: pid:start of the command, of what it has started, and of their sessions, so far. all: those that have not ended.
# near: those in the session of the command.
find_members() {
  table=$(list) all=' ' near= before=
  for row in $table; do
    split "$row"
    case $known in *" $p:$born "*) join ;; esac
  done
  while [ "$all" != "$before" ]; do
    before=$all
    for row in $table; do
      split "$row"
      case $all in *" $p "*) continue ;; esac
      case $all$pid' ' in *" $parent "* | *" $session "*) join ;; esac
    done
  done
  [ "$all" != ' ' ]
}

join() {
  all="$all$p "
  [ "$session" = "$home" ] && near="$near$p "
  case $known in *" $p:$born "*) ;; *) known="$known$p:$born " ;; esac
}

send() {
  for p in $2; do kill -s "$1" "$p"; done
} 2>/dev/null

look_at_clock
begun=$now
roots=" $pid "
[ -n "$pid" ] || roots=" $(echo $(find_marked)) "
home=$pid known=' '
for row in $(list); do
  split "$row"
  # The command has ended with all of its session, and its number is that of another process now.
  [ "$p" = "$pid" ] && [ -n "$start" ] && [ "$born" != "$start" ] && exit 0
  case $roots in *" $p "*) known="$known$p:$born " home=$session ;; esac
done
find_members || exit 0
send TERM "$near"
send CONT "$near"
# The turns count too, because the clock may be set back where there is no /proc.
turns=0
while look_at_clock && [ $((now - begun)) -lt "$grace" ] && [ $turns -lt "$grace" ]; do
  sleep 1
  turns=$((turns + 1))
  find_members || exit 0
done
send KILL "$all"
tries=0
while [ $tries -lt 20 ] && find_members; do
  send KILL "$all"
  [ $tries -gt 5 ] && sleep 1
  tries=$((tries + 1))
done
`;
