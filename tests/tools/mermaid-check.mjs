// mermaid-check FILE.md …: Mermaid's own parser over every mermaid block.
import fs from 'node:fs'
import { JSDOM } from 'jsdom'

const page = new JSDOM('<!doctype html><html><body></body></html>', { pretendToBeVisual: true })
globalThis.window = page.window
globalThis.document = page.window.document
for (const name of ['Element', 'HTMLElement', 'SVGElement', 'Node', 'DOMParser', 'MutationObserver']) globalThis[name] ??= page.window[name]
const mermaid = (await import('mermaid')).default
mermaid.initialize({ startOnLoad: false })

let passed = 0
let failed = 0
for (const file of process.argv.slice(2)) {
  const text = fs.readFileSync(file, 'utf8')
  for (const block of text.matchAll(/^```mermaid[^\n]*\n([\s\S]*?)^```/gm)) {
    const line = text.slice(0, block.index).split('\n').length + 1
    try {
      await mermaid.parse(block[1])
      passed += 1
    } catch (error) {
      failed += 1
      console.log(`${file}:${line}: ${String(error.message ?? error).split('\n').slice(0, 4).join(' | ')}`)
    }
  }
}
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed || !passed ? 1 : 0)
