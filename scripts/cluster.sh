#!/usr/bin/env bash
# The topology of docker-compose.yml from processes of this machine, without
# Docker: PostgreSQL, Redis, the S3 gateway, one API and some workers, each a
# process of its own, all on 127.0.0.1. (mailpit is left out: messages are kept as
# files in DIR/mail.)
#
# When all is ready it writes DIR/cluster.env, prints "ready: URL" and waits.
# SIGINT, SIGTERM or SIGHUP stops everything, in order. A process that ends before
# that is reported and not started again, so that tests can kill one.

# shellcheck disable=SC2317 # cleanup is called, by a trap
set -euo pipefail

# Bash cannot trap what was ignored when it began, as INT is for whatever a script
# runs in the background.
[[ -z $(trap -p INT) ]] || exec env --default-signal=INT "$BASH" "$0" "$@"

usage() {
	cat <<'USAGE'
usage: scripts/cluster.sh [--workers N] [--dir DIR] [--bin PATH]

  --workers N   how many workers to start, 0 to 64 (2)
  --dir DIR     folder for data and logs, kept afterwards (a temporary one, removed)
  --bin PATH    the subclip program (built from this tree)
USAGE
}

say() { printf 'cluster: %s\n' "$*" >&2; }

wrong() {
	say "$1"
	usage >&2
	exit 2
}

workers=2 dir='' bin=''
while (($#)); do
	case $1 in
	--workers | --dir | --bin)
		[[ -n ${2-} ]] || wrong "$1 needs a value"
		printf -v "${1#--}" %s "$2"
		shift 2
		;;
	-h | --help)
		usage
		exit
		;;
	*) wrong "unknown argument $1" ;;
	esac
done
if ! [[ $workers =~ ^[0-9]{1,2}$ ]] || ((10#$workers > 64)); then
	wrong "--workers is $workers: use 0 to 64"
fi
workers=$((10#$workers))
if [[ -n $bin ]]; then
	[[ -f $bin && -x $bin ]] || wrong "--bin $bin is not a program"
	bin=$(realpath "$bin")
fi

missing() {
	say "$1 is missing: run scripts/setup.sh test"
	exit 1
}
for program in go curl redis-server redis-cli flock setsid setpriv; do
	command -v "$program" >/dev/null || missing "$program"
done
postgres_bin=$(find /usr/lib/postgresql/*/bin -name initdb -printf '%h\n' 2>/dev/null | sort -V | tail -n 1 || true)
[[ -n $postgres_bin ]] || missing PostgreSQL
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# --- starting and stopping

declare -A pid_of name_of
worker_names=()
busy=''                     # the step that we wait for
lock=''                     # on the folder, once it is ours
made_dir='' made_pg_home='' # folders of our own making, to remove

# Every process gets a session of its own, so that Ctrl-C in a terminal reaches
# this script alone, which then stops things in order. INT, which bash has its
# background processes ignore, works in them again. Should this script be killed
# without a chance to stop anything, the kernel tells them.
detached=(setsid env --default-signal=INT setpriv --pdeathsig TERM --)

# start NAME COMMAND… leaves a process running, with its output in DIR/NAME.log.
start() {
	local name=$1
	shift
	(cd / && exec "${detached[@]}" "$@") </dev/null >"$dir/$name.log" 2>&1 &
	pid_of[$name]=$!
	name_of[$!]=$name
}

# step NAME COMMAND… runs one to its end. It does so in the background, because
# bash acts on a signal only between commands, or in wait.
step() {
	local name=$1 status=0
	shift
	(cd / && exec "${detached[@]}" "$@") </dev/null >"$dir/$name.log" 2>&1 &
	busy=$!
	wait "$busy" || status=$?
	busy=''
	((status == 0)) || fail "$name" "$name failed (exit code $status)"
}

# fail NAME MESSAGE also shows how NAME's log ends, since a temporary folder is
# gone afterwards.
fail() {
	say "$2"
	if [[ -s $dir/$1.log ]]; then
		tail -n 15 "$dir/$1.log" | sed "s/^/  $1: /" >&2
	fi
	exit 1
}

alive() { [[ -n ${1-} ]] && kill -0 "$1" 2>/dev/null; }

# await NAME TRIES COMMAND… repeats COMMAND every 0.2 s until it succeeds. It
# fails when NAME ends, or the tries do.
await() {
	local name=$1 tries=$2
	shift 2
	for ((; tries > 0; tries--)); do
		if "$@" >/dev/null 2>&1; then
			return
		fi
		alive "${pid_of[$name]}" || return 1
		sleep 0.2
	done
	return 1
}

# end kills a process and its group, and keeps bash from printing so.
end() {
	{
		kill -KILL -- "-$1" || kill -KILL "$1"
		wait "$1"
	} 2>/dev/null
}

# stop SIGNAL NAME… asks all of them at once and waits for at most 20 s.
stop() {
	local signal=$1 tries=200 name
	shift
	for name in "$@"; do
		[[ -z ${pid_of[$name]-} ]] || kill "-$signal" "${pid_of[$name]}" 2>/dev/null
	done
	for name in "$@"; do
		while alive "${pid_of[$name]-}" && ((tries-- > 0)); do sleep 0.1; done
		if alive "${pid_of[$name]-}"; then
			say "$name does not stop and is killed"
			end "${pid_of[$name]}"
		fi
	done
}

cleanup() {
	set +e
	trap '' HUP INT TERM
	[[ -z $lock ]] || rm -f "$dir/cluster.env"
	[[ -z $busy ]] || end "$busy"
	# Those who use something stop before it does: workers give their jobs back.
	stop TERM "${worker_names[@]}"
	stop TERM api
	stop TERM gateway redis
	stop INT postgres # TERM would wait for connections to end
	local pid
	for pid in $(jobs -pr); do end "$pid"; done
	[[ -z $made_pg_home ]] || rm -rf "$made_pg_home"
	[[ -z $made_dir ]] || rm -rf "$made_dir"
}

trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# --- folder and ports

# Mode 711, because the database may run as another user, who passes through.
if [[ -z $dir ]]; then
	made_dir=$(mktemp -d "${TMPDIR:-/tmp}/subclip-cluster-XXXXXX")
	dir=$made_dir
	chmod 711 "$dir"
elif [[ ! -d $dir ]]; then
	mkdir -p "$dir"
	chmod 711 "$dir"
fi
dir=$(realpath "$dir")
# The processes inherit the lock, so it lasts until the last of them has ended.
exec {lock_fd}<"$dir"
flock --nonblock "$lock_fd" || fail '' "another cluster uses $dir: stop it, or choose another folder"
lock=$lock_fd
umask 077
rm -f "$dir/cluster.env"
mkdir -p "$dir"/{bin,redis,scratch,store/objects,store/metadata}
# A folder that is used again keeps its database, and so that one's password.
[[ -s $dir/secret ]] || od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$dir/secret"
secret=$(<"$dir/secret")

# free_port sets port to one that nothing listens on, below those that the kernel
# gives to outgoing connections.
port=0 ports=' '
free_port() {
	local tries
	for ((tries = 0; tries < 100; tries++)); do
		port=$((20000 + RANDOM % 12000))
		if [[ $ports != *" $port "* ]] && ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
			ports+="$port "
			return
		fi
	done
	fail '' 'there is no free port from 20000 to 31999'
}
free_port && postgres_port=$port
free_port && redis_port=$port
free_port && gateway_port=$port
free_port && api_port=$port

# --- programs

if [[ -z $bin ]]; then
	say 'building subclip …'
	bin=$dir/bin/subclip
	step build go build -C "$root" -o "$bin" ./cmd/subclip
fi
say 'building the S3 gateway …'
step build go build -C "$root" -o "$dir/bin/versitygw" github.com/versity/versitygw/cmd/versitygw

# --- PostgreSQL and Redis

say 'starting PostgreSQL, Redis and the S3 gateway …'
pg_home=$dir/postgres
as_postgres=()
if ((EUID == 0)); then
	# PostgreSQL refuses to run as root.
	id postgres >/dev/null 2>&1 || fail '' 'there is no user postgres: run scripts/setup.sh test'
	as_postgres=(setpriv --reuid postgres --regid postgres --init-groups --pdeathsig INT --)
	if ! "${as_postgres[@]}" test -x "$dir"; then
		made_pg_home=$(mktemp -d /tmp/subclip-postgres-XXXXXX)
		pg_home=$made_pg_home
		say "the user postgres cannot enter $dir: the database is in $pg_home, which is removed afterwards"
	fi
fi
mkdir -p "$pg_home"
if [[ ! -e $pg_home/data/PG_VERSION ]]; then
	printf '%s\n' "$secret" >"$pg_home/password"
	((EUID != 0)) || chown -R postgres: "$pg_home"
	step initdb "${as_postgres[@]}" "$postgres_bin/initdb" --pgdata="$pg_home/data" --username=subclip \
		--auth=scram-sha-256 --pwfile="$pg_home/password" --encoding=UTF8 --locale=C.UTF-8
fi
# Without a socket, whose path could be too long for the kernel.
start postgres "${as_postgres[@]}" "$postgres_bin/postgres" -D "$pg_home/data" -p "$postgres_port" \
	-c listen_addresses=127.0.0.1 -c unix_socket_directories=

start redis redis-server --bind 127.0.0.1 --port "$redis_port" --dir "$dir/redis" --appendonly yes --save '' --daemonize no

# --- the S3 gateway

health=/_gateway_health
get() { curl --noproxy '*' --silent --fail --max-time 5 "$1"; }
# start_gateway OPTION…
start_gateway() {
	ROOT_ACCESS_KEY=subclip ROOT_SECRET_KEY=$secret start gateway "$dir/bin/versitygw" --quiet \
		--port "127.0.0.1:$gateway_port" --health "$health" --region us-east-1 posix "$@" "$dir/store/objects"
	await gateway 100 get "http://127.0.0.1:$gateway_port$health"
}
if ! start_gateway; then
	grep -q 'xattr check failed' "$dir/gateway.log" || fail gateway 'the S3 gateway does not answer'
	wait "${pid_of[gateway]}" || true # its end is no news later
	say 'the file system has no extended attributes: the store keeps its metadata in files'
	start_gateway --sidecar "$dir/store/metadata" || fail gateway 'the S3 gateway does not answer'
fi

# -e: an error such as "loading" is a failure too.
await redis 100 redis-cli -e -h 127.0.0.1 -p "$redis_port" ping || fail redis 'Redis does not answer'

export PGPASSWORD=$secret PGCONNECT_TIMEOUT=5
to_postgres=(--host=127.0.0.1 --port="$postgres_port" --username=subclip --no-password)
psql=("$postgres_bin/psql" "${to_postgres[@]}" --no-psqlrc --command='select 1')
await postgres 150 "${psql[@]}" --dbname=postgres || fail postgres 'PostgreSQL does not answer'
"${psql[@]}" --dbname=subclip >/dev/null 2>&1 || step createdb "$postgres_bin/createdb" "${to_postgres[@]}" subclip
unset PGPASSWORD PGCONNECT_TIMEOUT

# --- subclip

export DATABASE_URL="postgres://subclip:$secret@127.0.0.1:$postgres_port/subclip?sslmode=disable"
export REDIS_URL="redis://127.0.0.1:$redis_port/0"
export S3_ENDPOINT="http://127.0.0.1:$gateway_port"
export S3_PUBLIC_ENDPOINT=$S3_ENDPOINT S3_BUCKET=subclip S3_REGION=us-east-1 S3_PATH_STYLE=true
export S3_ACCESS_KEY_ID=subclip S3_SECRET_ACCESS_KEY=$secret
export SUBCLIP_SCRATCH=$dir/scratch SUBCLIP_MAIL_FOLDER=$dir/mail
api_url="http://127.0.0.1:$api_port"
export SUBCLIP_SITE_URL=$api_url

say "starting the API and $workers workers …"
step migrate "$bin" migrate
start api "$bin" serve --listen "127.0.0.1:$api_port"
for ((i = 1; i <= workers; i++)); do
	worker_names+=("worker-$i")
	start "worker-$i" "$bin" worker
done
await api 150 get "$api_url/readyz" || fail api 'the API is not ready'
worker_pids=()
for name in "${worker_names[@]}"; do
	alive "${pid_of[$name]}" || fail "$name" "$name has ended"
	worker_pids+=("${pid_of[$name]}")
done

# Moved into place, so that whoever waits for it never finds half of it. The keys
# let one start more workers by hand.
cat >"$dir/cluster.env.new" <<ENV
API_URL=$api_url
REDIS_URL=$REDIS_URL
DATABASE_URL=$DATABASE_URL
S3_ENDPOINT=$S3_ENDPOINT
S3_PUBLIC_ENDPOINT=$S3_PUBLIC_ENDPOINT
S3_BUCKET=$S3_BUCKET
S3_REGION=$S3_REGION
S3_PATH_STYLE=$S3_PATH_STYLE
S3_ACCESS_KEY_ID=$S3_ACCESS_KEY_ID
S3_SECRET_ACCESS_KEY=$S3_SECRET_ACCESS_KEY
SUBCLIP_SITE_URL=$SUBCLIP_SITE_URL
SUBCLIP_MAIL_FOLDER=$SUBCLIP_MAIL_FOLDER
API_PID=${pid_of[api]}
WORKER_PIDS="${worker_pids[*]}"
REDIS_PID=${pid_of[redis]}
POSTGRES_PID=${pid_of[postgres]}
GATEWAY_PID=${pid_of[gateway]}
ENV
mv "$dir/cluster.env.new" "$dir/cluster.env"
say "data and logs are in $dir"
echo "ready: $api_url"

# From here on a signal is the regular end.
trap 'exit 0' HUP INT TERM
while :; do
	ended='' status=0
	wait -n -p ended 2>/dev/null || status=$?
	[[ -n ${ended-} ]] || break
	name=${name_of[$ended]-}
	# Its number may soon be another program's.
	[[ ${pid_of[$name]-} != "$ended" ]] || unset "pid_of[$name]"
	say "$name has ended (exit code $status)"
done
fail '' 'all processes have ended'
