// custom-resources-check FILE.yaml …: resources of operators against their CRD schemas, and, for keys that no schema forbids, against their types.
import fs from 'node:fs'
import path from 'node:path'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseAllDocuments } from 'yaml'

const packages = {
  'argoproj.io': 'argo-rollouts',
  'external-secrets.io': 'external-secrets',
  'gateway.networking.k8s.io': 'gateway-api',
  'keda.sh': 'keda',
  'monitoring.coreos.com': 'prometheus-operator'
}
const here = path.dirname(fileURLToPath(import.meta.url))
const options = '--noEmit --strict --skipLibCheck --moduleResolution bundler --module esnext --target es2022'.split(' ')

// Kubernetes' own groups have no dot or end in k8s.io; kubernetes-validate reads those.
const custom = (resource) => {
  const group = resource?.apiVersion?.split('/').at(-2) ?? ''
  return group in packages || (group.includes('.') && !group.endsWith('.k8s.io'))
}

async function schemaFault(resource) {
  const from = packages[resource.apiVersion.split('/')[0]]
  if (!from) return `no schema of ${resource.apiVersion} is known here`
  try {
    const kinds = await import(`@kubernetes-models/${from}/${resource.apiVersion}`)
    if (!kinds[resource.kind]) return `${resource.apiVersion} has no such kind`
    new kinds[resource.kind](resource).validate()
    return null
  } catch (error) {
    return error.message
  }
}

// One source a resource, so that the compiler's message names it.
function typeFaults(resources) {
  const folder = fs.mkdtempSync(path.join(here, 'types-'))
  try {
    const sources = resources.map((resource, index) => {
      const from = `@kubernetes-models/${packages[resource.apiVersion.split('/')[0]]}/${resource.apiVersion}`
      const source = path.join(folder, `${resource.kind}-${resource.metadata.name}-${index}.ts`)
      const type = `I${resource.kind}`
      fs.writeFileSync(source, `import type { ${type} } from '${from}'\nexport const resource: ${type} = ${JSON.stringify(resource)}\n`)
      return source
    })
    const result = spawnSync(path.join(here, 'node_modules/.bin/tsc'), [...options, ...sources], { encoding: 'utf8' })
    const lines = result.stdout.split('\n').filter((line) => line.includes('error TS'))
    return lines.map((line) => path.basename(line).slice(0, 400))
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
}

const all = process.argv.slice(2).flatMap((file) => parseAllDocuments(fs.readFileSync(file, 'utf8')).map((document) => document.toJS()))
const resources = all.filter(custom)
const faults = []
for (const resource of resources) {
  const fault = await schemaFault(resource)
  if (fault) faults.push(`${resource.kind} ${resource.metadata?.name}: ${fault}`)
}
if (resources.length && !faults.length) faults.push(...typeFaults(resources))
faults.forEach((fault) => console.log(fault))
console.log(`${Math.max(resources.length - faults.length, 0)} passed, ${faults.length} failed`)
process.exit(faults.length || !resources.length ? 1 : 0)
