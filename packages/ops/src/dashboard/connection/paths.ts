/** The path of a lock, below `/api/` and `/dashboard/`. Half a surrogate pair cannot be part of a URL. */
export function lockPath(name: string): string {
  return `locks/${encodeURIComponent(name.toWellFormed())}`;
}

export function serverPath(label: string): string {
  return `servers/${encodeURIComponent(label.toWellFormed())}`;
}
