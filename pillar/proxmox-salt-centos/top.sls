base:
  'master[1-3].lab.internal or app[1-3].lab.internal':
    - match: compound
    - lab
