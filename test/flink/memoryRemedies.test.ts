import {describe, expect, test} from 'vitest';
import type {Component} from '../../flink/memory/component.ts';
import {readFlinkVersion} from '../../flink/memory/flinkVersion.ts';
import {memoryOrigins} from '../../flink/memory/memoryOrigins.ts';
import {memoryRemedies} from '../../flink/memory/memoryRemedies.ts';
import type {Environment} from '../../flink/memory/processMemory.ts';
import {rocksDbShares} from '../../flink/memory/rocksDb.ts';
import {taskManagerMemory} from '../../flink/memory/taskManagerMemory.ts';

interface Asked {
  readonly component?: Component;
  readonly flink?: string;
  readonly environment?: Environment;
}

function ask(conf: Record<string, string>, {flink = '2.3', environment = 'standalone'}: Asked = {}) {
  return {values: new Map(Object.entries(conf)), question: {version: readFlinkVersion(flink)!, environment}};
}

function sets(conf: Record<string, string>, asked: Asked = {}) {
  const {values, question} = ask(conf, asked);
  return memoryRemedies(asked.component ?? 'taskmanager', values, question).map(({set}) => set);
}

describe('the smallest change with which a refused configuration starts', () => {
  test('a process that is too small: the least that it needs', () => {
    expect(sets({'taskmanager.memory.process.size': '900m'})).toEqual([{'taskmanager.memory.process.size': '982m'}]);
    expect(sets({'jobmanager.memory.process.size': '1m'}, {component: 'jobmanager'})).toEqual([
      {'jobmanager.memory.process.size': '577m'},
    ]);
  });

  test('nothing set: the least process size', () => {
    expect(sets({'taskmanager.numberOfTaskSlots': '2'})).toEqual([{'taskmanager.memory.process.size': '982m'}]);
  });

  test('a process that is too large for what else is set: the most that fits, and the other total', () => {
    const conf = {'taskmanager.memory.flink.size': '1g', 'taskmanager.memory.process.size': '4g'};
    expect(sets(conf)).toEqual([
      {'taskmanager.memory.process.size': '2304m'},
      {'taskmanager.memory.flink.size': '2816m'},
    ]);
  });

  test.each([
    ['2Gi', '2g'],
    ['2048MiB', '2048m'],
    ['1.5g', '1536m'],
    ['2e9', '2000000000'],
    ['+2g', '2g'],
  ])('a size of the wrong syntax, %s: as Flink writes it', (text, better) => {
    expect(sets({'taskmanager.memory.process.size': text})).toEqual([{'taskmanager.memory.process.size': better}]);
  });

  test('a size of the wrong syntax that is too small as well: both at once', () => {
    expect(sets({'taskmanager.memory.process.size': '512Mi'})).toEqual([{'taskmanager.memory.process.size': '982m'}]);
  });

  test.each([
    ['50%', '0.5'],
    ['0,25', '0.25'],
  ])('a fraction of the wrong syntax, %s: as Java writes it', (text, better) => {
    const key = 'taskmanager.memory.managed.fraction';
    expect(sets({'taskmanager.memory.process.size': '4g', [key]: text})).toEqual([{[key]: better}]);
  });

  test('a heap key that Flink 2.0 forgot: what it used to mean', () => {
    const conf = {'taskmanager.heap.size': '2g'};
    expect(sets(conf)[0]).toEqual({'taskmanager.memory.flink.size': '2g'});
    expect(sets(conf, {environment: 'active'})[0]).toEqual({'taskmanager.memory.process.size': '2g'});
    expect(sets({'jobmanager.heap.mb': '1024'}, {component: 'jobmanager'})[0]).toEqual({
      'jobmanager.memory.heap.size': '1024m',
    });
  });

  test('where no size would help, none is told', () => {
    expect(sets({'taskmanager.memory.process.size': '4g', 'taskmanager.memory.network.fraction': '2'})).toEqual([]);
  });
});

test('every size says where it comes from', () => {
  const conf = {
    'taskmanager.heap.size': '4g',
    'taskmanager.memory.size': '1g',
    'taskmanager.memory.network.max': '128m',
  };
  const {values, question} = ask(conf, {flink: '1.20'});
  const answer = taskManagerMemory(values, question);
  if ('error' in answer) throw new Error('it starts');
  expect(memoryOrigins('taskmanager', answer.memory, values, question)).toEqual({
    process: {from: 'derived', by: 'total Flink memory + metaspace + overhead'},
    flink: {from: 'configured', by: 'taskmanager.heap.size=4g'},
    metaspace: {from: 'default', by: 'taskmanager.memory.jvm-metaspace.size'},
    overhead: {from: 'derived', by: '0.1 of itself + metaspace + total Flink memory'},
    frameworkHeap: {from: 'default', by: 'taskmanager.memory.framework.heap.size'},
    taskHeap: {from: 'derived', by: 'what total Flink memory leaves'},
    frameworkOffHeap: {from: 'default', by: 'taskmanager.memory.framework.off-heap.size'},
    taskOffHeap: {from: 'default', by: 'taskmanager.memory.task.off-heap.size'},
    managed: {from: 'configured', by: 'taskmanager.memory.size=1g'},
    network: {
      from: 'derived',
      by: '0.1 of total Flink memory (409.60 MiB) is above taskmanager.memory.network.max',
    },
  });
});

describe("RocksDB's share of a slot", () => {
  const SLOT = 359_703_515n;

  test('alone it has all of it', () => {
    expect(rocksDbShares(SLOT, new Map())[0]).toEqual({
      beside: [],
      memory: SLOT,
      cache: 299_752_929n,
      writeBuffers: 119_901_171n,
    });
  });

  test('beside others by weight', () => {
    const beside = (conf: Record<string, string>) =>
      rocksDbShares(SLOT, new Map(Object.entries(conf))).map(({memory}) => memory);
    expect(beside({})).toEqual([SLOT, SLOT / 2n, 251_792_460n, 148_113_212n]);
    const key = 'taskmanager.memory.managed.consumer-weights';
    expect(beside({[key]: 'DATAPROC:50,PYTHON:50'})).toEqual([SLOT, SLOT / 2n, SLOT / 2n, SLOT / 3n]);
    expect(beside({[key]: 'PYTHON:30'})).toEqual([0n, 0n, 0n, 0n]);
    expect(beside({[key]: 'x'})).toEqual([]);
  });
});
