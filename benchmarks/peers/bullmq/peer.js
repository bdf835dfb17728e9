// BullMQ as a peer; it is told how many jobs there are, so that it need not ask when it is done.
// usage: peer.js fill|drain REDIS_URL QUEUE ITEMS CONCURRENCY PAYLOAD_BYTES RESULT_BYTES
import { Queue, Worker } from "bullmq";

const [verb, url, name, count, concurrency, size, resultSize] = process.argv.slice(2);
const items = Number(count);
const { hostname, port } = new URL(url);
const connection = { host: hostname, port: Number(port), maxRetriesPerRequest: null };
const began = process.hrtime.bigint();

if (verb === "fill") {
  const queue = new Queue(name, { connection });
  for (let first = 0; first < items; first += 1000) {
    const jobs = [];
    for (let i = first; i < Math.min(items, first + 1000); i++) {
      jobs.push({ name: "j", data: String(i).padStart(Number(size), "0") });
    }
    await queue.addBulk(jobs);
  }
  await queue.close();
} else {
  const result = Number(resultSize) > 0 ? "r".repeat(Number(resultSize)) : undefined;
  // Without a result nothing is kept of a job that is done, which is its fastest setting.
  const removeOnComplete = result === undefined ? { count: 0 } : { count: items + 1 };
  let done = 0;
  await new Promise((resolve, reject) => {
    const worker = new Worker(
      name,
      async () => {
        if (++done === items) setImmediate(() => worker.close().then(resolve, reject));
        return result;
      },
      { connection, concurrency: Number(concurrency), removeOnComplete },
    );
    worker.on("error", reject);
  });
}
console.log(JSON.stringify({ items, seconds: Number(process.hrtime.bigint() - began) / 1e9 }));
process.exit(0);
