base:
  'cp1.prod1.lan,cp2,cp3,w1,w2':
    - match: list
    - prod1
