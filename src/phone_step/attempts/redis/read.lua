-- KEYS: the step. Returns its entry or nothing, and the time of the server.

return {redis.call('GET', KEYS[1]) or '', redis.call('TIME')[1]}
