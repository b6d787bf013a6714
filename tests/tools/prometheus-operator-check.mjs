// prometheus-operator-check FILE.yaml …: monitoring.coreos.com resources against their CRD schemas.
import fs from 'node:fs'
import { parseAllDocuments } from 'yaml'

let passed = 0
let failed = 0
for (const file of process.argv.slice(2)) {
  for (const document of parseAllDocuments(fs.readFileSync(file, 'utf8'))) {
    const resource = document.toJS()
    if (!resource?.apiVersion?.startsWith('monitoring.coreos.com/')) continue
    const kinds = await import(`@kubernetes-models/prometheus-operator/${resource.apiVersion}`)
    try {
      new kinds[resource.kind](resource).validate()
      passed += 1
    } catch (error) {
      failed += 1
      console.log(`${file}: ${resource.kind} ${resource.metadata?.name}: ${error.message}`)
    }
  }
}
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed || !passed ? 1 : 0)
