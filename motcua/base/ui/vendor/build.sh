#!/bin/sh
# Makes every file listed in VENDOR.md again. Needs node, npm and the development environment (.venv); a server needs none of it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out="$here/../static/ui"
python="$here/../../../../.venv/bin/python"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --ignore-scripts --no-audit --no-fund \
  govuk-frontend@6.6.0 sass@1.108.2 @fontsource/be-vietnam-pro@5.3.0 @fontsource/inter@5.3.0
for sheet in citizen desk; do
  npx sass --no-source-map --style=compressed -I node_modules -I "$here" "$here/$sheet.scss" "$out/govuk-$sheet.css"
done
"$python" "$here/fonts.py" node_modules "$out/fonts"
cp node_modules/@fontsource/be-vietnam-pro/LICENSE "$out/fonts/be-vietnam-pro-OFL.txt"
cp node_modules/@fontsource/inter/LICENSE "$out/fonts/inter-OFL.txt"
cd "$out" && sha256sum govuk-*.css fonts/*
