#!/bin/sh
# Makes the passwords, the tokens and the users of the lock servers, once:
#
#   deploy/make-secrets.sh                 into deploy/secrets, for docker-compose.yml
#   deploy/make-secrets.sh DIRECTORY       into another directory, for example that of a Kubernetes overlay
#
# The directory is for its owner only. Its files can be read by everybody who can reach them: a container has only the files that are
# mounted into it, and reads them as a user of its own. Nothing is changed if the directory exists.
set -eu
umask 022

here=$(cd "$(dirname "$0")" && pwd)
directory=${1:-$here/secrets}
if [ -e "$directory" ]; then
  echo "$directory exists. Nothing was changed. To make new secrets, move it away first." >&2
  exit 1
fi

# 48 hexadecimal digits, which need no quotes anywhere.
random() {
  od -An -N24 -tx1 /dev/urandom | tr -d ' \n'
}

# printf is part of the shell, so the password is in no list of processes.
sha256() {
  if command -v sha256sum >/dev/null; then printf %s "$1" | sha256sum | cut -c1-64
  else printf %s "$1" | shasum -a 256 | cut -c1-64; fi
}

# Everything or nothing: the directory gets its name at the end.
new=$directory.new
rm -rf "$new"
mkdir -m 700 "$new"
trap 'rm -rf "$new"' EXIT

cp "$here/server/users.acl.template" "$new/users.acl"
for user in locker operator admin; do
  password=$(random)
  printf %s "$password" >"$new/${user}_password"
  marker=$(printf %s "$user" | tr '[:lower:]' '[:upper:]')_PASSWORD_SHA256
  hash=$(sha256 "$password")
  sed "s/$marker/$hash/" "$new/users.acl" >"$new/users"
  mv "$new/users" "$new/users.acl"
done
for name in grafana_password monitor_read_token monitor_release_token; do
  random >"$new/$name"
done
chmod 444 "$new"/*
mv "$new" "$directory"
trap - EXIT
echo "Made $directory. Keep a copy in a safe place, and never commit it." >&2
