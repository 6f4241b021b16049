// Renders one template many times with carbone or docxtemplater and reports milliseconds for each.
// Arguments: the peer, the template, the data (JSON), where to write the last result, the number of times.
import fs from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../package.json", import.meta.url));
const [peer, template, data, result, times] = process.argv.slice(2);
const rows = JSON.parse(fs.readFileSync(data, "utf8"));

function docxtemplater() {
  const PizZip = require("pizzip");
  const Docxtemplater = require("docxtemplater");
  const file = fs.readFileSync(template);
  return async () => {
    const document = new Docxtemplater(new PizZip(file), { paragraphLoop: true, linebreaks: true });
    document.render({ rows });
    return document.getZip().generate({ type: "nodebuffer", compression: "DEFLATE" });
  };
}

function carbone() {
  const engine = require("carbone");
  return () =>
    new Promise((resolve, reject) =>
      engine.render(template, { rows }, (error, made) => (error ? reject(error) : resolve(made))),
    );
}

const render = { carbone, docxtemplater }[peer]();
const spent = [];
let made = await render(); // warm
for (let turn = 0; turn < Number(times); turn++) {
  const start = performance.now();
  made = await render();
  spent.push(performance.now() - start);
}
fs.writeFileSync(result, made);
console.log(JSON.stringify(spent));
process.exit(0);
