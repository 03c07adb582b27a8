// SPDX-License-Identifier: MIT
//
// A CoAP server of the npm package "coap" on a free port of loopback: prints
// "listening PORT", then runs until it is killed. /separate answers later than
// the package waits before it sends an empty ACK.
'use strict'

const coap = require('coap')

const CHANGE_MS = 200
const SEPARATE_MS = 300

function observe (request, response) {
  let count = 0
  if (request.headers.Observe !== 0) {
    response.end('now')
    return
  }
  const timer = setInterval(() => response.write(`change ${++count}`), CHANGE_MS)
  response.write(`change ${count}`)
  response.on('finish', () => clearInterval(timer))
}

function echo (request, response) {
  const format = request.headers['Content-Format']
  if (format) response.setOption('Content-Format', format)
  response.code = '2.04'
  response.end(request.payload)
}

const resources = {
  '/hello': (request, response) => {
    response.setOption('Content-Format', 'text/plain')
    response.setOption('ETag', Buffer.from('e7a9', 'hex'))
    response.end('hello from node')
  },
  '/echo': echo,
  '/query': (request, response) => response.end(request.url),
  '/separate': (request, response) => setTimeout(() => response.end('late'), SEPARATE_MS),
  '/observe': observe
}

const server = coap.createServer({ type: 'udp4' }, (request, response) => {
  const resource = resources[request.url.split('?')[0]]
  if (resource) {
    resource(request, response)
  } else {
    response.code = '4.04'
    response.end('not here')
  }
})

server.listen(0, '127.0.0.1', () => console.log(`listening ${server._sock.address().port}`))
