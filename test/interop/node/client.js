// SPDX-License-Identifier: MIT
//
// Sends requests with the npm package "coap", from the UDP port that the argument
// names: one for each line of JSON on standard input, such as
// {"id": 1, "port": 5683, "path": "/t/d", "method": "GET"}. Prints a line of JSON
// for each response, notification and error, with the same id.
'use strict'

const coap = require('coap')
const readline = require('readline')

const agent = new coap.Agent({ type: 'udp4', port: Number(process.argv[2]) })

function say (id, what) {
  console.log(JSON.stringify({ id, ...what }))
}

function report (id, message) {
  say(id, {
    code: message.code,
    format: message.headers['Content-Format'],
    observe: message.headers.Observe,
    payload: message.payload.toString()
  })
}

function send (line) {
  const order = JSON.parse(line)
  const request = coap.request({
    agent,
    hostname: '127.0.0.1',
    port: order.port,
    pathname: order.path,
    query: order.query,
    method: order.method,
    confirmable: order.confirmable !== false,
    observe: order.observe === true
  })
  request.on('response', (response) => {
    report(order.id, response)
    if (!order.observe) return
    let first = true // it has been reported with its options
    response.on('data', (data) => {
      if (!first) say(order.id, { code: response.code, payload: data.toString() })
      first = false
    })
  })
  request.on('error', (error) => say(order.id, { error: error.message }))
  request.on('timeout', () => say(order.id, { error: 'timeout' }))
  request.end(order.payload)
}

readline.createInterface({ input: process.stdin }).on('line', send)
console.log('ready')
