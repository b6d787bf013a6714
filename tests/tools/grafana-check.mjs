// grafana-check DASHBOARD.json …: TypeScript's type check against the Dashboard type of @grafana/schema.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const here = path.dirname(new URL(import.meta.url).pathname)
// What JSON holds of a type: text for an enum, anything for the query of a data source.
const json = "type Json<T> = T extends { refId: string } ? object : T extends string ? `${T}` : T extends (infer I)[] ? Json<I>[] : T extends object ? { [K in keyof T]: Json<T[K]> } : T"
const folder = fs.mkdtempSync(path.join(here, 'grafana-'))
const options = ['--noEmit', '--strict', '--skipLibCheck', '--moduleResolution', 'bundler', '--module', 'esnext', '--target', 'es2022']
let failed = false
try {
  for (const file of process.argv.slice(2)) {
    const { panels = [], ...dashboard } = JSON.parse(fs.readFileSync(file, 'utf8'))
    const typed = panels.map((panel, at) => `export const p${at}: Json<${panel.type === 'row' ? 'RowPanel' : 'Panel'}> = ${JSON.stringify(panel)}\n`)
    const source = path.join(folder, 'dashboard.ts')
    fs.writeFileSync(source, `import type { Dashboard, Panel, RowPanel } from '@grafana/schema'\n${json}\nexport const d: Json<Dashboard> = ${JSON.stringify(dashboard)}\n${typed.join('')}`)
    const checked = spawnSync(path.join(here, 'node_modules/.bin/tsc'), [...options, source], { encoding: 'utf8' })
    console.log(`${checked.status ? 'FAIL' : 'ok'} ${file}: ${panels.length} panels\n${checked.stdout}`.trim())
    failed ||= checked.status !== 0 || panels.length === 0
  }
} finally {
  fs.rmSync(folder, { recursive: true })
}
process.exit(failed ? 1 : 0)
