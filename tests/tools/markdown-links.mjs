// markdown-links FILE.md …: every relative link leads to a file, every anchor to a heading.
import { spawnSync } from 'node:child_process'
import path from 'node:path'

const here = path.dirname(new URL(import.meta.url).pathname)
const plugin = path.join(here, 'node_modules/remark-validate-links/index.js')
const files = process.argv.slice(2)
const run = spawnSync(path.join(here, 'node_modules/.bin/remark'), ['--frail', '--no-color', '--no-stdout', '--use', `${plugin}=repository:false`, ...files], { encoding: 'utf8' })
const said = `${run.stdout}${run.stderr}`
const passed = (said.match(/no issues found/g) ?? []).length
if (run.status !== 0) console.log(said)
console.log(`${passed} passed, ${files.length - passed} failed`)
process.exit(run.status || passed !== files.length ? 1 : 0)
